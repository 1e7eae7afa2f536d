import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { startClaude } from './claude.ts';
import { startCohere } from './cohere.ts';
import { startDeepSeek } from './deepseek.ts';
import { startDreamGen } from './dreamgen.ts';
import { startGateway } from './gateway.ts';
import { startGemini } from './gemini.ts';
import { startGroq } from './groq.ts';
import { startHorde } from './horde.ts';
import { startKoboldAi } from './koboldai.ts';
import { startKoboldCpp } from './koboldcpp.ts';
import { startLlamaCpp } from './llamacpp.ts';
import { startLmStudio } from './lmstudio.ts';
import { startMancer } from './mancer.ts';
import { startMistral } from './mistral.ts';
import { startNovelAi } from './novelai.ts';
import { startOllama } from './ollama.ts';
import { startOobabooga } from './oobabooga.ts';
import { startOobaboogaLegacy } from './oobabooga-legacy.ts';
import { startOpenAi } from './openai.ts';
import { startOpenRouter } from './openrouter.ts';
import { startTabby } from './tabbyapi.ts';
import { startTogether } from './together.ts';
import { startVllm } from './vllm.ts';
import { startXai } from './xai.ts';

/** Emulators by their backends' ids (one of them is there in two ages), and the path of the address a user would type. */
export const emulators = {
  openai: { start: startOpenAi, basePath: '/v1' },
  openrouter: { start: startOpenRouter, basePath: '/api/v1' },
  llamacpp: { start: startLlamaCpp, basePath: '' },
  ollama: { start: startOllama, basePath: '' },
  lmstudio: { start: startLmStudio, basePath: '/v1' },
  koboldai: { start: startKoboldAi, basePath: '' },
  koboldcpp: { start: startKoboldCpp, basePath: '' },
  oobabooga: { start: startOobabooga, basePath: '' },
  'oobabooga-legacy': { start: startOobaboogaLegacy, basePath: '' },
  tabbyapi: { start: startTabby, basePath: '' },
  vllm: { start: startVllm, basePath: '/v1' },
  custom: { start: startGateway, basePath: '/v1' },
  claude: { start: startClaude, basePath: '' },
  cohere: { start: startCohere, basePath: '' },
  deepseek: { start: startDeepSeek, basePath: '' },
  dreamgen: { start: startDreamGen, basePath: '' },
  gemini: { start: startGemini, basePath: '' },
  groq: { start: startGroq, basePath: '/openai/v1' },
  horde: { start: startHorde, basePath: '' },
  mancer: { start: startMancer, basePath: '' },
  mistral: { start: startMistral, basePath: '/v1' },
  novelai: { start: startNovelAi, basePath: '' },
  together: { start: startTogether, basePath: '/v1' },
  xai: { start: startXai, basePath: '/v1' },
} satisfies Record<string, { start(options: EmulatorOptions): Promise<Emulator>; basePath: string }>;

export type EmulatedId = keyof typeof emulators;
