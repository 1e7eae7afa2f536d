import type { Connection } from '../../lib/connections/connection.ts';
import { duplicateConnection, removeConnection } from '../../lib/connections/store.ts';
import { ConfirmButton } from '../parts/confirm-button.tsx';
import { t } from '../text/t.ts';

interface Props {
  /** Absent for a new connection. */
  connection: Connection | undefined;
  isChanged: boolean;
  /** Does it, and shows what goes wrong. */
  run(work: () => Promise<void>): void;
}

/** What can be done with the form as a whole. */
export function EditorActions({ connection, isChanged, run }: Props) {
  return (
    <div class="row wrap">
      <button type="submit" class="button primary">
        {t('save')}
      </button>
      {connection && (
        <>
          <button
            type="button"
            class="button"
            onClick={() => run(async () => goTo(`connections/${await duplicateConnection(connection.id)}`))}
          >
            {t('duplicate')}
          </button>
          {isChanged && <small>{t('notSaved')}</small>}
          <span class="grow" />
          <ConfirmButton
            class="plain"
            question={t('deleteSure', { name: connection.name })}
            onConfirm={() =>
              run(async () => {
                await removeConnection(connection.id);
                goTo('connections');
              })
            }
          >
            {t('delete')}
          </ConfirmButton>
        </>
      )}
    </div>
  );
}

function goTo(section: string): void {
  location.hash = section;
}
