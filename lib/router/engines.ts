import type { Engine, OnDeviceHost } from '../backends/backend.ts';
import type { NativeModel } from '../backends/chrome/native.ts';
import type { Clocks } from '../backends/http.ts';
import { getBackend, useKit } from '../backends/registry.ts';
import type { Connection, Patience } from '../connections/connection.ts';
import { whereabouts } from '../connections/whereabouts.ts';
import { watchLock } from '../vault/lock.ts';
import { readSecrets } from '../vault/vault.ts';

export interface Engines {
  /** The connection's engine, with its secrets; the same one until connection or secrets change. */
  open(connection: Connection): Promise<Engine>;
  /** Of a connection that is not saved, with secrets that are not kept: for tests of a form. */
  openDraft(connection: Pick<Connection, 'backend' | 'config' | 'patience'>, secrets: Record<string, string>): Engine;
}

/** What engines get from the browser they run in. */
export interface EngineHosts {
  fetch?: typeof globalThis.fetch;
  onDevice?: OnDeviceHost;
  nativeModel?: NativeModel | undefined;
}

export function createEngines({ fetch, onDevice, nativeModel }: EngineHosts = {}): Engines {
  let opened = new WeakMap<Connection, { secrets: Record<string, string>; engine: Engine }>();
  // An engine holds its secrets: none is kept open when the vault locks. Answers at work keep theirs to the end.
  watchLock(() => {
    opened = new WeakMap();
  });

  function openDraft(
    { backend: id, config, patience = {} }: Pick<Connection, 'backend' | 'config' | 'patience'>,
    secrets: Record<string, string>,
  ): Engine {
    const backend = getBackend(id);
    const http = useKit().createHttp({
      allowedOrigins: backend.hosts(config),
      secrets: () => Object.values(secrets),
      place: whereabouts({ backend: id, config }).place,
      clocks: clocksOf(patience),
      ...(fetch && { fetch }),
    });
    const secret = (name = 'key') => (Object.hasOwn(secrets, name) ? secrets[name] : undefined);
    return backend.open(config, { http, secret, ...(onDevice && { onDevice }), ...(nativeModel && { nativeModel }) });
  }

  return {
    async open(connection) {
      const secrets = await readSecrets(connection);
      const known = opened.get(connection);
      if (known?.secrets === secrets) return known.engine;
      const engine = openDraft(connection, secrets);
      opened.set(connection, { secrets, engine });
      return engine;
    },
    openDraft,
  };
}

function clocksOf({ firstWordSeconds: begin, silenceSeconds: silence, retrySeconds: retry }: Patience): Partial<Clocks> {
  return {
    ...(begin !== undefined && { headers: begin * 1000, firstByte: begin * 1000 }),
    ...(silence !== undefined && { silence: silence * 1000 }),
    ...(retry !== undefined && { patience: retry * 1000 }),
  };
}
