/** What `import … from` the package brings; the AI SDK provider and the store have entries of their own. */
export { type GetAIOptions, getAI, requireAI } from './get-ai.ts';
export { type BrowserFamily, type InstallLinks, NotInstalledError } from './not-installed.ts';
export type * from './types.ts';
