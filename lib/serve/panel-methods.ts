import * as z from 'zod/mini';
import type { Engine } from '../backends/backend.ts';
import { knownLocalAddresses } from '../backends/known-addresses.ts';
import { useKit } from '../backends/registry.ts';
import type { ChatRunner } from '../chats/runner.ts';
import type { Connection } from '../connections/connection.ts';
import type { OriginRules } from '../connections/origin-rules.ts';
import { parseDraft } from '../connections/schema.ts';
import { getConnection } from '../connections/store.ts';
import type { DeviceHost } from '../engine/host.ts';
import { thisDevice, type WorkKind } from '../model-work/model-work.ts';
import type { createModelWorker, ModelWorker } from '../model-work/runner.ts';
import type { EngineAbility, Event, PanelMethods, Params, Result, StreamName, SubscriptionName, ValueName } from '../panel/methods.ts';
import { listAsking } from '../permissions/asking.ts';
import type { Consent } from '../permissions/consent.ts';
import { abilitiesSchema, limitsSchema } from '../permissions/grant-schema.ts';
import { requireFeature } from '../policy/require-feature.ts';
import { SwitchboardError } from '../protocol/errors.ts';
import { lazy, parse, type SchemaOf } from '../protocol/parse.ts';
import type { Part } from '../protocol/part.ts';
import type { Engines } from '../router/engines.ts';
import type { ModelLists } from '../router/model-lists.ts';
import type { Router } from '../router/router.ts';
import type { ConnectionTester } from '../router/test-connection.ts';
import type { LateCalls } from './calls/late-calls.ts';
import type { Lease } from './keep-alive.ts';
import { lateCode } from './late-code.ts';
import type { Method, MethodTable } from './method.ts';

export interface PanelDeps {
  router: Router;
  onDevice: Pick<DeviceHost, 'add'>;
  calls: LateCalls;
  chats: ChatRunner;
  consent: Consent;
  engines: Engines;
  lists: ModelLists;
  tester: ConnectionTester;
  originRules: OriginRules;
  lease: Lease;
  /** Where the code of loading and getting models comes from: not from the start of the background. */
  readWorker?(): typeof createModelWorker;
  /** Resolves when the background has read what it keeps. */
  ready: Promise<unknown>;
}

/** What our own pages may call. Each method reads its own parameters; lib/panel/methods.ts says what they are. */
export function createPanelMethods(deps: PanelDeps): MethodTable {
  const {
    router,
    onDevice,
    calls,
    chats,
    consent,
    engines,
    lists,
    tester,
    originRules,
    lease,
    readWorker = () => lateCode('createModelWorker'),
    ready,
  } = deps;
  let worker: ModelWorker | undefined;

  async function connectionOf(id: string) {
    const connection = await getConnection(id);
    if (!connection) throw new SwitchboardError('bad-request', 'This connection is not there any more.');
    await originRules.ready();
    return connection;
  }

  /** Without asking its server. */
  async function usualModel(connection: Connection): Promise<string> {
    return connection.model ?? (await lists.cached(connection))[0]?.id ?? '';
  }

  async function engineOf(id: string): Promise<Engine> {
    return await engines.open(await connectionOf(id));
  }

  function work(): ModelWorker {
    worker ??= readWorker()({ begin, changed: listAgain, hold: lease.hold });
    return worker;
  }

  async function begin(kind: WorkKind, connectionId: string, model: string, signal: AbortSignal): Promise<AsyncIterable<Part[]>> {
    if (kind === 'add') {
      await requireFeature('onDeviceModels');
      return onDevice.add({ url: model }, signal);
    }
    const parts = (await engineOf(connectionId))[kind]?.(model, signal);
    if (!parts) throw new SwitchboardError('not-supported', cannot[kind]);
    return parts;
  }

  /** What pages know of a server's models follows what was done to them. */
  async function listAgain(id: string): Promise<void> {
    await lists.refresh(await connectionOf(id), AbortSignal.timeout(listMs));
  }

  return {
    ready: value('ready', nothing, async () => {
      await ready;
      return true;
    }),

    'chats.send': value('chats.send', question, async (params) => {
      await requireFeature('quickChat');
      return await chats.send(params);
    }),
    'chats.retry': value('chats.retry', again, async ({ chatId, target }) => {
      await requireFeature('quickChat');
      await chats.retry(chatId, target);
    }),
    'chats.edit': value('chats.edit', inTurn, async ({ chatId, turnId, text, target }) => {
      await requireFeature('quickChat');
      await chats.edit(chatId, turnId, text, target);
    }),
    'chats.stop': value('chats.stop', inChat, async ({ chatId }) => chats.stop(chatId)),
    'chats.watch': subscription('chats.watch', inChat, ({ chatId }, emit) => chats.watch(chatId, emit)),

    'runs.watch': subscription('runs.watch', nothing, async (_, emit) => {
      const undo = router.runs.watch(emit);
      emit(router.runs.list());
      return undo;
    }),
    'runs.stop': value('runs.stop', someRun, async (which) => router.runs.stop(which)),

    ...calls.methods,

    'consent.decide': value('consent.decide', answer, (params) => consent.decide(params)),
    'asking.list': value('asking.list', nothing, () => listAsking()),

    'connections.models': value('connections.models', ofConnection, async (params, signal) => {
      const connection = await connectionOf(params.connectionId);
      return params.refresh ? await lists.refresh(connection, signal) : await lists.recent(connection, signal);
    }),
    'connections.test': value('connections.test', tested, (params, signal) =>
      'draft' in params ? tester.draft(parseDraft(params.draft), params.secrets ?? {}, signal) : tester.saved(params.connectionId, signal),
    ),
    'connections.detect': value('connections.detect', pasted, ({ input, key }, signal) =>
      originRules.during([input], () => useKit().detect(input, { signal, ...(key && { key }) })),
    ),
    'connections.discover': value('connections.discover', nothing, (_, signal) =>
      originRules.during(knownLocalAddresses, () => useKit().discover({ signal })),
    ),
    'template.preview': value('template.preview', ofModel, async ({ connectionId, model, template }, signal) => {
      const connection = await connectionOf(connectionId);
      const chosen = template ?? connection.generation?.template;
      const asked = { model: model ?? (await usualModel(connection)), ...(chosen && { template: chosen }) };
      return await useKit().previewTemplate(await engines.open(connection), asked, signal);
    }),
    samplers: value('samplers', ofModel, async ({ connectionId, model }, signal) => {
      const connection = await connectionOf(connectionId);
      return await useKit().samplerRows(await engines.open(connection), model ?? (await usualModel(connection)), signal);
    }),
    account: value('account', ofConnection, async ({ connectionId }, signal) => {
      const engine = await engineOf(connectionId);
      return (await engine.account?.(signal)) ?? {};
    }),
    offers: value('offers', ofField, async ({ connectionId, field }, signal) => {
      const engine = await engineOf(connectionId);
      return (await engine.offers?.(field, signal)) ?? [];
    }),

    'connections.abilities': value('connections.abilities', ofConnection, async ({ connectionId }) =>
      Object.entries(await engineOf(connectionId)).flatMap(([name, method]) => (method === undefined ? [] : [name as EngineAbility])),
    ),

    'models.load': value('models.load', target, ({ connectionId, model }) => work().start('load', connectionId, model)),
    'models.pull': value('models.pull', target, ({ connectionId, model }) => work().start('pull', connectionId, model)),
    'models.add': value('models.add', download, ({ url }) => work().start('add', thisDevice, url)),
    'models.stop': value('models.stop', target, async ({ connectionId, model }) => work().stop(connectionId, model)),
    'models.work': subscription('models.work', nothing, async (_, emit) => work().watch(emit)),
    'models.unload': value('models.unload', target, async ({ connectionId, model }, signal) => {
      const engine = await engineOf(connectionId);
      if (!engine.unload) throw new SwitchboardError('not-supported', 'This server unloads its models itself. Unload the model there.');
      await engine.unload(model, signal);
      await listAgain(connectionId).catch(() => {});
    }),
    'models.remove': value('models.remove', target, async ({ connectionId, model }, signal) => {
      const engine = await engineOf(connectionId);
      if (!engine.remove) throw new SwitchboardError('not-supported', 'This server deletes no models. Delete the file there.');
      await engine.remove(model, signal);
      await listAgain(connectionId).catch(() => {});
    }),
    'engine.add': stream('engine.add', download, async function* (params, signal) {
      await requireFeature('onDeviceModels');
      yield* onDevice.add(params, signal);
    }),
  } satisfies Record<keyof PanelMethods, Method>;
}

const listMs = 15_000;

const cannot = {
  load: 'This server loads its models itself. Load the model there.',
  pull: 'This server gets no models by itself. Put the model there first.',
};

const id = lazy(() => z.string().check(z.minLength(1), z.maxLength(2_000)));
const nothing = lazy(() => z.object({}));
const inChat = lazy(() => z.object({ chatId: id() }));
const answering = () => z.exactOptional(z.object({ connectionId: id(), model: z.exactOptional(z.string()) }));
const again = lazy(() => z.object({ chatId: id(), target: answering() }));
const inTurn = lazy(() => z.object({ chatId: id(), turnId: id(), text: z.string(), target: answering() }));
const someRun = lazy(() => z.union([z.object({ origin: id() }), z.object({ id: id() })]));
const ofConnection = lazy(() => z.object({ connectionId: id(), refresh: z.exactOptional(z.boolean()) }));
const ofModel = lazy(() => z.object({ connectionId: id(), model: z.exactOptional(z.string()), template: z.exactOptional(z.string()) }));
const ofField = lazy(() => z.object({ connectionId: id(), field: id() }));
const target = lazy(() => z.object({ connectionId: id(), model: id() }));
const pasted = lazy(() => z.object({ input: z.string(), key: z.exactOptional(z.string()) }));
const download = lazy(() => z.object({ url: z.string(), name: z.exactOptional(z.string()) }));

const question = lazy(() =>
  z.object({
    chatId: z.exactOptional(id()),
    text: z.string(),
    images: z.exactOptional(z.array(z.object({ mediaType: z.string(), data: z.string() }))),
    connectionId: z.exactOptional(id()),
    model: z.exactOptional(z.string()),
  }),
);

const answer = lazy(() =>
  z.object({
    id: id(),
    nonce: id(),
    decision: z.enum(['once', 'session', 'always', 'block', 'deny']),
    choice: z.exactOptional(z.object({ connectionId: id(), model: id() })),
    abilities: z.exactOptional(abilitiesSchema()),
    limits: z.exactOptional(limitsSchema()),
  }),
);

const tested = lazy(() =>
  z.union([z.object({ draft: z.unknown(), secrets: z.exactOptional(z.record(z.string(), z.string())) }), z.object({ connectionId: id() })]),
);

function value<Name extends ValueName, Given>(
  name: Name,
  schema: SchemaOf<Given>,
  run: (params: Given, signal: AbortSignal) => Promise<Result<Name>>,
): Method {
  return { kind: 'value', run: (params, { signal }) => run(parse(schema, params, name), signal) };
}

function stream<Name extends StreamName>(
  name: Name,
  schema: SchemaOf<Params<Name>>,
  run: (params: Params<Name>, signal: AbortSignal) => AsyncIterable<Part[]>,
): Method {
  return { kind: 'stream', run: (params, { signal }) => run(parse(schema, params, name), signal) };
}

/** Until the caller unsubscribes, which is when the signal aborts. */
function subscription<Name extends SubscriptionName>(
  name: Name,
  schema: SchemaOf<Params<Name>>,
  start: (params: Params<Name>, emit: (event: Event<Name>) => void) => Promise<() => void>,
): Method {
  return {
    kind: 'subscription',
    async run(params, { signal }, emit) {
      const undo = await start(parse(schema, params, name), emit);
      if (!signal.aborted) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
      undo();
    },
  };
}
