/** What the package brings. Nothing of it runs before it is called, so a bundler keeps what a page uses. */
export {
  createSwitchboard,
  type SwitchboardModels,
  type SwitchboardOptions,
  type SwitchboardSettings,
} from './ai-sdk/create-switchboard.ts';
export { type GetAIOptions, getAI, requireAI } from './get-ai.ts';
export { type BrowserFamily, type InstallLinks, NotInstalledError } from './not-installed.ts';
export { type AIState, type AIStore, createAIStore } from './store.ts';
export type * from './types.ts';
