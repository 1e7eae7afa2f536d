import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { startGateway } from './gateway.ts';
import { startKoboldAi } from './koboldai.ts';
import { startKoboldCpp } from './koboldcpp.ts';
import { startLlamaCpp } from './llamacpp.ts';
import { startLmStudio } from './lmstudio.ts';
import { startOllama } from './ollama.ts';
import { startOobabooga } from './oobabooga.ts';
import { startOobaboogaLegacy } from './oobabooga-legacy.ts';
import { startOpenAi } from './openai.ts';
import { startOpenRouter } from './openrouter.ts';
import { startTabby } from './tabbyapi.ts';
import { startVllm } from './vllm.ts';

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
} satisfies Record<string, { start(options: EmulatorOptions): Promise<Emulator>; basePath: string }>;

export type EmulatedId = keyof typeof emulators;
