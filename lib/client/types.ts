import type { ProviderAnnouncement, SwitchboardProvider } from '../protocol/provider.ts';

export type * from '../protocol/access.ts';
export type { ErrorCode } from '../protocol/errors.ts';
export type { LegacyInput, LegacyMessage, LegacyOptions, LegacyOutput, LegacyWindowAi } from '../protocol/legacy.ts';
export type { Ability, PageModel, Place } from '../protocol/model.ts';
export type * from '../protocol/openai.ts';
export type {
  CallOptions,
  ChatStream,
  ChatStreamPromise,
  ProviderAnnouncement,
  ProviderError,
  ProviderEvents,
  ProviderInfo,
  SwitchboardProvider,
} from '../protocol/provider.ts';

declare global {
  interface Window {
    /** Switchboard, or whatever had the name before it: `getAI()` is sure. */
    ai?: SwitchboardProvider;
  }
  interface WindowEventMap {
    'ai:announceProvider': CustomEvent<ProviderAnnouncement>;
  }
}
