import '../../components/look/base.css';
import '../../components/popup/popup.css';
import { draftReady } from '../../components/chat/draft.ts';
import { mount } from '../../components/look/mount.tsx';
import { Popup } from '../../components/popup/popup.tsx';
import { popupReady } from '../../components/popup/ready.ts';

// One paint with everything in it is sooner than two: reading storage takes a few milliseconds.
await Promise.allSettled([popupReady(), draftReady]);
mount(<Popup />);
