import '../../components/look/base.css';
import '../../components/popup/popup.css';
import { draftReady } from '../../components/chat/draft.ts';
import { mount } from '../../components/look/mount.tsx';
import { Popup } from '../../components/popup/popup.tsx';
import { popupReady } from '../../components/popup/ready.ts';
import { followSite } from '../../components/state/site.ts';

document.documentElement.classList.add('panel');
await Promise.allSettled([popupReady(), draftReady]);
mount(<Popup isPanel />);
// The panel stays while the user goes from tab to tab.
followSite();
