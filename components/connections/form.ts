import { batch, computed, type ReadonlySignal, type Signal, signal } from '@preact/signals';
import type { Backend, BackendId, Detected } from '../../lib/backends/backend.ts';
import { getBackend } from '../../lib/backends/registry.ts';
import type { Connection, ConnectionDraft, GenerationSettings, Patience } from '../../lib/connections/connection.ts';
import type { JsonValue } from '../../lib/protocol/json.ts';
import type { ModelInfo } from '../../lib/protocol/model.ts';
import { backendLabel } from '../text/backend-label.ts';

/** What the user is typing about one connection. Nothing of it is kept before it is saved. */
export interface ConnectionForm {
  /** Absent for a new connection. */
  connection: Connection | undefined;
  backend: ReadonlySignal<Backend>;
  name: Signal<string>;
  model: Signal<string>;
  generation: Signal<GenerationSettings>;
  patience: Signal<Patience>;
  config: ReadonlySignal<Connection['config']>;
  /** Secrets typed here; those saved before are not known to anybody but the background. */
  secrets: ReadonlySignal<Record<string, string>>;
  /** What the server behind the form listed, once it was asked. */
  models: Signal<ModelInfo[] | undefined>;
  isChanged: ReadonlySignal<boolean>;
  /** Changes with everything that decides whether the connection works: what a test showed holds for one of these. */
  testable: ReadonlySignal<string>;
  /** Another service than the saved one: its keys will not go along. */
  isElsewhere: ReadonlySignal<boolean>;
  setConfig(name: string, value: JsonValue | undefined): void;
  setSecret(name: string, value: string): void;
  setBackend(id: BackendId): void;
  /** Fills in what answered at an address, kind and all, because the user said so. */
  take(found: Detected): void;
  /** Fills in what follows from an answer of the kind that the user chose, where the user filled in nothing. */
  learn(found: Detected): void;
  draft(): ConnectionDraft;
}

export function createForm(start: Connection | BackendId, baseUrl?: string): ConnectionForm {
  const connection = typeof start === 'string' ? undefined : start;
  const backendId = signal<BackendId>(typeof start === 'string' ? start : start.backend);
  const backend = computed(() => getBackend(backendId.value));
  const config = signal<Connection['config']>(connection?.config ?? presetOf(backendId.value, baseUrl));
  const name = signal(connection?.name ?? '');
  const model = signal(connection?.model ?? '');
  const generation = signal<GenerationSettings>(connection?.generation ?? {});
  const patience = signal<Patience>(connection?.patience ?? {});
  const secrets = signal<Record<string, string>>({});
  const models = signal<ModelInfo[] | undefined>(undefined);
  /** Fields that the user filled in here, or had before. */
  const own = new Set(Object.keys(connection?.config ?? {}));
  const initial = snapshot();

  function snapshot(): string {
    return JSON.stringify([backendId.value, config.value, name.value, model.value, generation.value, patience.value, secrets.value]);
  }

  function setBackend(id: BackendId): void {
    if (id === backendId.value) return;
    const typed = config.value.baseUrl;
    batch(() => {
      const isStillPreset = typed === getBackend(backendId.value).preset.baseUrl;
      backendId.value = id;
      config.value = presetOf(id, isStillPreset ? undefined : typed);
      models.value = undefined;
    });
  }

  return {
    connection,
    backend,
    name,
    model,
    generation,
    patience,
    config,
    secrets,
    models,
    testable: computed(() => JSON.stringify([backendId.value, config.value, secrets.value])),
    isChanged: computed(() => connection === undefined || snapshot() !== initial),
    isElsewhere: computed(
      () =>
        connection !== undefined &&
        (connection.backend !== backendId.value || originOf(connection.config.baseUrl) !== originOf(config.value.baseUrl)),
    ),
    setConfig(field, value) {
      own.add(field);
      const { [field]: _, ...others } = config.value;
      config.value = value === undefined || value === '' ? others : { ...others, [field]: value };
    },
    setSecret(field, value) {
      const { [field]: _, ...others } = secrets.value;
      secrets.value = value === '' ? others : { ...others, [field]: value };
    },
    setBackend,
    take(found) {
      batch(() => {
        setBackend(found.backend);
        config.value = { ...config.value, ...found.config, baseUrl: found.baseUrl };
        models.value = found.models.length > 0 ? found.models : undefined;
      });
    },
    learn(found) {
      const open = Object.entries(found.config ?? {}).filter(([field]) => !own.has(field));
      batch(() => {
        config.value = { ...config.value, ...Object.fromEntries(open) };
        if (found.models.length > 0) models.value = found.models;
      });
    },
    draft: () => ({
      ...(connection && { id: connection.id }),
      backend: backendId.value,
      name: name.value.trim() || backendLabel(getBackend(backendId.value)),
      config: config.value,
      model: model.value.trim(),
      generation: generation.value,
      patience: patience.value,
    }),
  };
}

function presetOf(id: BackendId, baseUrl: string | undefined): Connection['config'] {
  const preset = getBackend(id).preset as Connection['config'];
  return baseUrl === undefined ? preset : { ...preset, baseUrl };
}

/** As far as it is an address yet. */
function originOf(address: string | undefined): string | undefined {
  return address && URL.canParse(address) ? new URL(address).origin : address;
}
