import { browser } from 'wxt/browser';
import '../../components/look/base.css';
import '../../components/devtools/devtools.css';
import { DevtoolsPanel } from '../../components/devtools/devtools-panel.tsx';
import { mount } from '../../components/look/mount.tsx';
import { connectionsReady } from '../../components/state/connections.ts';
import { t } from '../../components/text/t.ts';

const inspected = browser.devtools?.inspectedWindow?.tabId;
const asked = new URLSearchParams(location.search).get('tabId');
// DevTools have a look of their own, whatever the system's is.
if (browser.devtools?.panels?.themeName === 'dark') document.documentElement.style.colorScheme = 'dark';
await connectionsReady;
mount(<DevtoolsPanel tabId={inspected ?? (asked !== null && /^\d+$/.test(asked) ? Number(asked) : undefined)} />, t('callsTitle'));
