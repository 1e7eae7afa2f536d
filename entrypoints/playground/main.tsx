import '../../components/look/base.css';
import '../../components/playground/playground.css';
import { mount } from '../../components/look/mount.tsx';
import { openDoors } from '../../components/playground/open-doors.ts';
import { Playground } from '../../components/playground/playground.tsx';
import { connectionsReady } from '../../components/state/connections.ts';
import { t } from '../../components/text/t.ts';
import { version } from '../../package.json';

openDoors(version);
await connectionsReady;
mount(<Playground />, t('playgroundTitle'));
