import type { AccountInfo, Detected, Engine, Offer } from '../backends/backend.ts';
import type { TemplatePreview } from '../backends/converse/preview.ts';
import type { SamplerRow } from '../backends/sampler-rows.ts';
import type { ChatEvent, ChatImage } from '../chats/chat.ts';
import type { ConnectionDraft } from '../connections/connection.ts';
import type { ModelWork } from '../model-work/model-work.ts';
import type { Asking } from '../permissions/asking.ts';
import type { Answer } from '../permissions/consent.ts';
import type { ModelInfo } from '../protocol/model.ts';
import type { Run, Target } from '../router/router.ts';
import type { TestResult } from '../router/test-connection.ts';
import type { CallEvent } from '../serve/calls/call.ts';

export type { TestResult };

/** A method that an engine may have or not: having it is being able to. */
export type EngineAbility = keyof Engine;

/** What our own pages may ask of the background, by name on the wire. lib/serve/panel-methods.ts answers. */
export interface PanelMethods {
  /** The background has started and read what it keeps. */
  ready: Value<Record<string, never>, true>;

  /** Starts the answer, which the background owns. */
  'chats.send': Value<{ chatId?: string; text: string; images?: ChatImage[]; connectionId?: string; model?: string }, { chatId: string }>;
  'chats.retry': Value<{ chatId: string; target?: Target }, void>;
  'chats.edit': Value<{ chatId: string; turnId: string; text: string; target?: Target }, void>;
  'chats.stop': Value<{ chatId: string }, void>;
  'chats.watch': Subscription<{ chatId: string }, ChatEvent>;

  'runs.watch': Subscription<Record<string, never>, Run[]>;
  'runs.stop': Value<{ origin: string } | { id: string }, void>;

  /** The calls of a tab's page while it is watched: what is kept of it, then what happens. */
  'calls.watch': Subscription<{ tabId: number }, CallEvent>;
  /** Sends what that call asked of a model again, as the user's own; resolves when the answer is over. */
  'calls.replay': Value<{ tabId: number; id: string }, void>;

  'consent.decide': Value<Answer, void>;
  'asking.list': Value<Record<string, never>, Asking[]>;

  'connections.models': Value<{ connectionId: string; refresh?: boolean }, ModelInfo[]>;
  'connections.test': Value<{ connectionId: string } | { draft: ConnectionDraft; secrets?: Record<string, string> }, TestResult>;
  /** What answers at a pasted address. */
  'connections.detect': Value<{ input: string; key?: string }, Detected[]>;
  /** What answers at the known ports of this computer. */
  'connections.discover': Value<Record<string, never>, Detected[]>;
  account: Value<{ connectionId: string }, AccountInfo>;
  /** What the server has for a field of the connection's settings. */
  offers: Value<{ connectionId: string; field: string }, Offer[]>;

  /** How a conversation is put to the model, on an example; `template` in place of the one in the settings, empty for none. */
  'template.preview': Value<{ connectionId: string; model?: string; template?: string }, TemplatePreview>;
  /** Every sampler there is, with the name by which the server takes it; without one it is left out. */
  samplers: Value<{ connectionId: string; model?: string }, SamplerRow[]>;

  /** What the connection's server can be asked to do, with the names of `Engine`. No server is asked. */
  'connections.abilities': Value<{ connectionId: string }, EngineAbility[]>;

  /** Begins, and goes on in the background; `models.work` tells how it goes. */
  'models.load': Value<{ connectionId: string; model: string }, void>;
  /** The same for a model that the server does not have yet. */
  'models.pull': Value<{ connectionId: string; model: string }, void>;
  /** The same for a GGUF file that this browser downloads; its work has the connection `thisDevice` and the address as its model. */
  'models.add': Value<{ url: string }, void>;
  /** Stops any of the three, or forgets that it failed. */
  'models.stop': Value<{ connectionId: string; model: string }, void>;
  'models.work': Subscription<Record<string, never>, ModelWork[]>;
  'models.unload': Value<{ connectionId: string; model: string }, void>;
  /** Has the server delete a model from its disk. */
  'models.remove': Value<{ connectionId: string; model: string }, void>;
  /** Downloads a GGUF file into the browser, for as long as the caller listens; its last part names the model. */
  'engine.add': Stream<{ url: string; name?: string }>;
}

interface Value<Params, Result> {
  kind: 'value';
  params: Params;
  result: Result;
}

interface Stream<Params> {
  kind: 'stream';
  params: Params;
}

interface Subscription<Params, Event> {
  kind: 'subscription';
  params: Params;
  event: Event;
}

type Named<Kind> = { [Name in keyof PanelMethods]: PanelMethods[Name] extends { kind: Kind } ? Name : never }[keyof PanelMethods];
export type ValueName = Named<'value'>;
export type StreamName = Named<'stream'>;
export type SubscriptionName = Named<'subscription'>;
export type Params<Name extends keyof PanelMethods> = PanelMethods[Name]['params'];
export type Result<Name extends ValueName> = PanelMethods[Name]['result'];
export type Event<Name extends SubscriptionName> = PanelMethods[Name]['event'];
