import '../../components/look/base.css';
import '../../components/options/options.css';
import { mount } from '../../components/look/mount.tsx';
import { Options } from '../../components/options/options.tsx';
import { connections, defaults } from '../../components/state/connections.ts';
import { t } from '../../components/text/t.ts';
import { exposeAutomation } from '../../lib/panel/automation.ts';

exposeAutomation();
await Promise.allSettled([connections.ready, defaults.ready]);
mount(<Options />, t('optionsTitle'));
