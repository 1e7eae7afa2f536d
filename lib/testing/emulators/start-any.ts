import type { Emulator, EmulatorOptions } from '../kit/start-emulator.ts';
import { startGateway } from './gateway.ts';
import { startLlamaCpp } from './llamacpp.ts';
import { startLmStudio } from './lmstudio.ts';
import { startOllama } from './ollama.ts';
import { startOpenAi } from './openai.ts';
import { startOpenRouter } from './openrouter.ts';
import { startVllm } from './vllm.ts';

/** Every emulator by its backend's id, and the path of the address a user would type. */
export const emulators = {
  openai: { start: startOpenAi, basePath: '/v1' },
  openrouter: { start: startOpenRouter, basePath: '/api/v1' },
  llamacpp: { start: startLlamaCpp, basePath: '' },
  ollama: { start: startOllama, basePath: '' },
  lmstudio: { start: startLmStudio, basePath: '/v1' },
  vllm: { start: startVllm, basePath: '/v1' },
  custom: { start: startGateway, basePath: '/v1' },
} satisfies Record<string, { start(options: EmulatorOptions): Promise<Emulator>; basePath: string }>;

export type EmulatedId = keyof typeof emulators;
