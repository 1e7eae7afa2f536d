import { t } from '../text/t.ts';
import { Export } from './export.tsx';
import { Import } from './import.tsx';

/** Everything in a file, and back from it. */
export function Backup() {
  return (
    <div class="stack backup">
      <h1>{t('navBackup')}</h1>
      <p class="quiet">{t('backupText')}</p>
      <Export />
      <Import />
    </div>
  );
}
