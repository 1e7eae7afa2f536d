import { useSignal } from '@preact/signals';
import { RotateCw } from 'lucide-preact';
import { useEffect } from 'preact/hooks';
import type { Connection } from '../../lib/connections/connection.ts';
import { setDefaults } from '../../lib/connections/store.ts';
import { request } from '../../lib/panel/background.ts';
import type { EngineAbility } from '../../lib/panel/methods.ts';
import { type ErrorData, errorData, toSwitchboardError } from '../../lib/protocol/errors.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { Problem } from '../parts/problem.tsx';
import { activeConnection, activeModel } from '../state/connections.ts';
import { followModelWork, workOn } from '../state/model-work.ts';
import { checkConnection, healthOf, modelsOf } from '../state/models.ts';
import { plural } from '../text/plural.ts';
import { type PlainKey, t } from '../text/t.ts';
import { filterModels, kindsOf, type ModelKind } from './filter-models.ts';
import { ModelLine, type ModelWish } from './model-line.tsx';
import { PullModel } from './pull-model.tsx';
import { WorkProgress, workLabel } from './work-progress.tsx';

/** Shown at first, and more of them with each click: OpenRouter lists some four hundred. */
const pageSize = 12;
/** Lists longer than this are for searching. */
const overview = 6;

interface Props {
  connection: Connection;
  abilities: readonly EngineAbility[];
  /** What is wrong with the connection is said on this page already. */
  isWrongSaid: boolean;
}

/** The models of a connection and what its server can do with them. One list for every kind of server. */
export function ModelList({ connection, abilities, isWrongSaid }: Props) {
  const search = useSignal('');
  const kind = useSignal<ModelKind | undefined>(undefined);
  const shown = useSignal(pageSize);
  const problem = useSignal<ErrorData | undefined>(undefined);
  // A server that starts anew for it is away for a while.
  const leaving = useSignal<string | undefined>(undefined);
  useEffect(followModelWork, []);

  const { id: connectionId } = connection;
  const models = modelsOf(connectionId) ?? [];
  const kinds = kindsOf(models);
  const matching = filterModels(models, search.value, kind.value);
  const works = workOn(connectionId);
  // What is being got is not in the list yet.
  const strangers = works.filter((work) => !models.some(({ id }) => id === work.model));
  const active = activeConnection.value?.id === connectionId ? (activeModel.value ?? models[0]?.id) : undefined;
  const health = healthOf(connectionId);

  async function run(work: () => Promise<unknown>): Promise<void> {
    problem.value = undefined;
    try {
      await work();
    } catch (thrown) {
      problem.value = errorData(toSwitchboardError(thrown));
    }
  }

  const wish = (model: ModelInfo) => (what: ModelWish) => {
    const target = { connectionId, model: model.id };
    if (what === 'unload') leaving.value = model.id;
    void run(() => {
      if (what === 'use') return setDefaults(target);
      return request(`models.${what}`, target);
    }).finally(() => {
      if (what === 'unload') leaving.value = undefined;
    });
  };

  return (
    <section class="stack models" aria-label={t('models')}>
      <div class="row wrap">
        <h2 class="grow">{t('models')}</h2>
        <small>{models.length > 0 && plural('models', models.length)}</small>
        <button
          type="button"
          class="button plain small"
          disabled={health.state === 'checking'}
          onClick={() => void checkConnection(connectionId)}
        >
          <RotateCw size={15} />
          {t(health.state === 'checking' ? 'looking' : 'refresh')}
        </button>
      </div>
      {health.error && !isWrongSaid && <Problem error={health.error} can={{ retry: () => void checkConnection(connectionId) }} />}
      {problem.value && <Problem error={problem.value} />}
      {models.length > overview && (
        <div class="row wrap narrow-down">
          <input
            class="input grow"
            type="search"
            aria-label={t('searchModelsOf', { name: connection.name })}
            placeholder={t('searchModelsOf', { name: connection.name })}
            value={search.value}
            onInput={(event) => {
              search.value = event.currentTarget.value;
              shown.value = pageSize;
            }}
          />
          {kinds.length > 0 && (
            <select
              class="input"
              aria-label={t('narrowDown')}
              value={kind.value ?? ''}
              onChange={(event) => {
                kind.value = kinds.find((each) => each === event.currentTarget.value);
                shown.value = pageSize;
              }}
            >
              <option value="">{t('allModels')}</option>
              {kinds.map((each) => (
                <option key={each} value={each}>
                  {t(kindText[each])}
                </option>
              ))}
            </select>
          )}
        </div>
      )}
      {/* What begins is said once; how far it is, whoever wants to know can find at its bar. */}
      <span class="visually-hidden" aria-live="polite">
        {works.map((work) => workLabel(work, models.find(({ id }) => id === work.model)?.name ?? work.model)).join(', ')}
      </span>
      {strangers.length > 0 && (
        <ul class="plain card lines">
          {strangers.map((work) => (
            <li key={work.model} class="model-line">
              <WorkProgress work={work} name={work.model} />
            </li>
          ))}
        </ul>
      )}
      {matching.length > 0 && (
        <ul class="plain card lines">
          {matching.slice(0, shown.value).map((model) => (
            <ModelLine
              key={model.id}
              model={model}
              abilities={abilities}
              isActive={model.id === active}
              isLeaving={model.id === leaving.value}
              work={works.find((work) => work.model === model.id)}
              onWish={wish(model)}
            />
          ))}
        </ul>
      )}
      {matching.length > shown.value && (
        <button type="button" class="button" onClick={() => (shown.value += pageSize * 4)}>
          {t('showMore', { count: matching.length - shown.value })}
        </button>
      )}
      {matching.length === 0 && !health.error && (
        <p class="quiet">{t(models.length > 0 ? 'noModelsFound' : health.state === 'ok' ? 'modelsNone' : 'modelsUnknown')}</p>
      )}
      {connection.backend === 'ondevice' && (
        <a class="button" href="#models">
          {t('deviceAdd')}
        </a>
      )}
      {abilities.includes('pull') && (
        <PullModel connection={connection} onPull={(model) => run(() => request('models.pull', { connectionId, model }))} />
      )}
    </section>
  );
}

const kindText = {
  images: 'kindImages',
  tools: 'kindTools',
  thinking: 'kindThinking',
  embed: 'kindEmbed',
  'text-only': 'kindTextOnly',
  loaded: 'kindLoaded',
  free: 'kindFree',
} as const satisfies Record<ModelKind, PlainKey>;
