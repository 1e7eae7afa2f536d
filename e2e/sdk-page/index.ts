import { ai6, ai7 } from './ai-sdk.ts';
import { browserAi } from './browser-ai.ts';
import { langchain } from './langchain.ts';
import { openai } from './openai.ts';

globalThis.AI_SDK_LOG_WARNINGS = false;

/** Everything a page tries, for the test to call by name. */
export const sdks = { openai, langchain, ai6, ai7, browserAi };

declare global {
  interface Window {
    sdks: typeof sdks;
  }
}

window.sdks = sdks;
