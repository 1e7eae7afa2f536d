import '../../lib/backends/all.ts';
import '../../components/look/base.css';
import '../../components/options/options.css';
import { mount } from '../../components/look/mount.tsx';
import { Options } from '../../components/options/options.tsx';
import { readRoute } from '../../components/options/route.ts';
import { connections, connectionsReady } from '../../components/state/connections.ts';
import { t } from '../../components/text/t.ts';
import { finishImport } from '../../lib/backup/import.ts';
import { exposeAutomation } from '../../lib/panel/automation.ts';

exposeAutomation();
void finishImport().catch(() => {});
await connectionsReady;
// Whoever opens the page with nothing connected is here for the first time.
if (location.hash === '' && connections.value?.length === 0) {
  history.replaceState(null, '', '#welcome');
  readRoute();
}
mount(<Options />, t('optionsTitle'));
