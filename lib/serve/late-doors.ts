import { callLegacy } from './legacy/legacy.ts';
import { openAiFetch } from './openai/fetch.ts';
import { createChat } from './openai/generate.ts';

/** The doors for pages that speak another interface than our own; late code (lib/serve/doors.ts). */
export const doors = { createChat, openAiFetch, callLegacy };
