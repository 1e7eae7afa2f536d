/** What ships inside, with its licence. */
export const libraries = [
  ['@cfworker/json-schema', 'MIT'],
  ['CLD3', 'Apache-2.0'],
  ['cld3-asm', 'MIT'],
  ['eld', 'Apache-2.0'],
  ['eventsource-parser', 'MIT'],
  ['idb', 'ISC'],
  ['llama.cpp', 'MIT'],
  ['Lucide', 'ISC'],
  ['marked', 'MIT'],
  ['Preact, @preact/signals', 'MIT'],
  ['Protocol Buffers', 'BSD-3-Clause'],
  ['tldts', 'MIT'],
  ['wllama', 'MIT'],
  ['zod', 'MIT'],
] as const;
