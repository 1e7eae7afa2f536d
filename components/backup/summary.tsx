import type { Plan, PlannedConnection } from '../../lib/backup/plan.ts';
import { subjectName } from '../../lib/permissions/grant.ts';
import { subjectText } from '../sites/grant-text.ts';
import { type PlainKey, t } from '../text/t.ts';
import { preferenceTexts } from './preference-texts.ts';

const kinds = { added: 'importAdded', replaced: 'importReplaced', same: 'importSame' } as const satisfies Record<string, PlainKey>;

/** What an import would add, replace and leave out, and where each connection sends what is asked of it. */
export function Summary({ plan: { backup, connections, grants, preferences, dropped } }: { plan: Plan }) {
  const hasSealedHeaders = Boolean(backup.sealed?.headers);
  return (
    <>
      {connections.length > 0 && (
        <>
          <h3>{t('navConnections')}</h3>
          <ul class="plain lines card">
            {connections.map((each) => (
              <Line key={each.connection.id} planned={each} hasSealedHeaders={hasSealedHeaders} />
            ))}
          </ul>
        </>
      )}
      {grants.length > 0 && (
        <>
          <h3>{t('navSites')}</h3>
          <ul class="plain lines card">
            {grants.map(({ kind, grant }) => (
              <li key={subjectName(grant)} class="row wrap offer">
                <bdi class="grow any-break">{grant.topOrigin === undefined ? grant.origin : subjectText(grant)}</bdi>
                <small>{[t(grant.decision === 'block' ? 'importBlocked' : 'importAllowed'), t(kinds[kind])].join(' · ')}</small>
              </li>
            ))}
          </ul>
        </>
      )}
      {preferences && (
        <>
          <h3>{t('importPreferencesTitle')}</h3>
          <ul class="plain lines card">
            {preferenceTexts(preferences).map(([name, value]) => (
              <li key={name} class="row wrap offer">
                <span class="grow">{name}</span>
                {value && <small>{value}</small>}
              </li>
            ))}
          </ul>
        </>
      )}
      {dropped.length > 0 && (
        <>
          <h3>{t('importDropped')}</h3>
          <ul class="plain lines card">
            {dropped.map(({ name, why }, index) => (
              <li key={index} class="row wrap offer">
                <bdi class="grow any-break">{name}</bdi>
                <small class="any-break" dir="auto">
                  {why}
                </small>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface LineProps {
  planned: PlannedConnection;
  /** Those that lack their headers get them with the keys. */
  hasSealedHeaders: boolean;
}

function Line({ planned: { kind, connection, host, hasHeaders, lacksHeaders, dropsKey }, hasSealedHeaders }: LineProps) {
  const lacking = lacksHeaders && t(hasSealedHeaders ? 'importHeadersSealed' : 'importLacksHeaders');
  const notes = [t(kinds[kind]), hasHeaders && t('importHeaders'), lacking, dropsKey && t('importDropsKey')].filter(
    (note) => note !== false,
  );
  return (
    <li class="row wrap offer">
      <div class="grow">
        <strong class="any-break">{connection.name}</strong>
        <br />
        <small class="any-break">
          <bdi>{host ?? t('placeBrowser')}</bdi>
        </small>
      </div>
      <small>{notes.join(' · ')}</small>
    </li>
  );
}
