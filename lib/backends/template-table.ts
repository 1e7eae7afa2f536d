/** How one family of models was taught to tell turns apart. Prefix and suffix stand around the text of a turn. */
export interface Template {
  /** Absent: the family has no such role, and instructions stand in front of the next thing the user says. */
  system?: [prefix: string, suffix: string];
  /** Around instructions inside a user turn; two line ends behind them unless said. */
  systemInUser?: [prefix: string, suffix: string];
  /** Instructions the family was trained with, used where a conversation has none. */
  defaultSystem?: string;
  user: [prefix: string, suffix: string];
  assistant: [prefix: string, suffix: string];
  /** Comes last, so that the model answers. Never ends in a space: the next token brings its own. */
  generation: string;
  /** Turns must alternate: neighbours of one role become one. */
  alternates?: true;
  /** Texts lose white space at both ends. */
  trims?: true;
  stop: string[];
}

const endOfTurn =
  (tag: string) =>
  (role: string): [string, string] => [`<|im_start|>${role}\n`, `${tag}\n`];
const chatMl = endOfTurn('<|im_end|>');
const llama3 = (role: string): [string, string] => [`<|start_header_id|>${role}<|end_header_id|>\n\n`, '<|eot_id|>'];
const llama4 = (role: string): [string, string] => [`<|header_start|>${role}<|header_end|>\n\n`, '<|eot|>'];
const phi3 = (role: string): [string, string] => [`<|${role}|>\n`, '<|end|>\n'];
const phi4 = (role: string): [string, string] => [`<|im_start|>${role}<|im_sep|>`, '<|im_end|>'];
const zephyr = (role: string): [string, string] => [`<|${role}|>\n`, '<|endoftext|>\n'];
const command = (role: string): [string, string] => [`<|START_OF_TURN_TOKEN|><|${role}_TOKEN|>`, '<|END_OF_TURN_TOKEN|>'];
const gemma = (role: string): [string, string] => [`<start_of_turn>${role}\n`, '<end_of_turn>\n'];
const harmony = (role: string): [string, string] => [`<|start|>${role}<|message|>`, '<|end|>'];

const mistral = { generation: '', alternates: true, stop: ['[INST]', '</s>'] } as const satisfies Partial<Template>;

/** By the names the settings offer. The beginning-of-text token is in none: servers add it, and a doubled one does harm. */
export const templates = {
  chatml: {
    system: chatMl('system'),
    user: chatMl('user'),
    assistant: chatMl('assistant'),
    generation: '<|im_start|>assistant\n',
    stop: ['<|im_end|>'],
  },
  alpaca: {
    system: ['', '\n\n'],
    defaultSystem: 'Below is an instruction that describes a task. Write a response that appropriately completes the request.',
    user: ['### Instruction:\n', '\n\n'],
    assistant: ['### Response:\n', '\n\n'],
    generation: '### Response:\n',
    stop: ['\n### Instruction:', '\n### Response:'],
  },
  'llama-2': {
    systemInUser: ['<<SYS>>\n', '\n<</SYS>>\n\n'],
    user: ['[INST] ', ' [/INST]'],
    assistant: ['', '</s>'],
    ...mistral,
  },
  'llama-3': {
    system: llama3('system'),
    user: llama3('user'),
    assistant: llama3('assistant'),
    generation: '<|start_header_id|>assistant<|end_header_id|>\n\n',
    trims: true,
    stop: ['<|eot_id|>', '<|start_header_id|>'],
  },
  'llama-4': {
    system: llama4('system'),
    user: llama4('user'),
    assistant: llama4('assistant'),
    generation: '<|header_start|>assistant<|header_end|>\n\n',
    trims: true,
    stop: ['<|eot|>', '<|header_start|>'],
  },
  'mistral-v1': { user: [' [INST] ', ' [/INST]'], assistant: [' ', '</s>'], ...mistral },
  'mistral-v3': { user: ['[INST] ', '[/INST]'], assistant: [' ', '</s>'], trims: true, ...mistral },
  'mistral-v3-tekken': { user: ['[INST]', '[/INST]'], assistant: ['', '</s>'], ...mistral },
  'mistral-v7': { system: ['[SYSTEM_PROMPT] ', '[/SYSTEM_PROMPT]'], user: ['[INST] ', '[/INST]'], assistant: [' ', '</s>'], ...mistral },
  'mistral-v7-tekken': {
    system: ['[SYSTEM_PROMPT]', '[/SYSTEM_PROMPT]'],
    user: ['[INST]', '[/INST]'],
    assistant: ['', '</s>'],
    ...mistral,
  },
  vicuna: {
    system: ['', '\n\n'],
    defaultSystem:
      "A chat between a curious user and an artificial intelligence assistant. The assistant gives helpful, detailed, and polite answers to the user's questions.",
    user: ['USER: ', '\n'],
    assistant: ['ASSISTANT: ', '</s>\n'],
    generation: 'ASSISTANT:',
    stop: ['USER:', '</s>'],
  },
  orca: {
    system: ['SYSTEM: ', '\n'],
    user: ['USER: ', '\n'],
    assistant: ['ASSISTANT: ', '</s>\n'],
    generation: 'ASSISTANT:',
    stop: ['USER:', '</s>'],
  },
  'vicuna-1.0': {
    system: ['', '\n'],
    user: ['### Human:\n', '\n'],
    assistant: ['### Assistant:\n', '\n'],
    generation: '### Assistant:\n',
    stop: ['\n### Human:'],
  },
  gemma: {
    user: gemma('user'),
    assistant: gemma('model'),
    generation: '<start_of_turn>model\n',
    alternates: true,
    trims: true,
    stop: ['<end_of_turn>'],
  },
  'phi-3': { system: phi3('system'), user: phi3('user'), assistant: phi3('assistant'), generation: '<|assistant|>\n', stop: ['<|end|>'] },
  'phi-4': {
    system: phi4('system'),
    user: phi4('user'),
    assistant: phi4('assistant'),
    generation: '<|im_start|>assistant<|im_sep|>',
    stop: ['<|im_end|>'],
  },
  zephyr: {
    system: zephyr('system'),
    user: zephyr('user'),
    assistant: zephyr('assistant'),
    generation: '<|assistant|>\n',
    stop: ['<|endoftext|>'],
  },
  'command-r': {
    system: command('SYSTEM'),
    user: command('USER'),
    assistant: command('CHATBOT'),
    generation: '<|START_OF_TURN_TOKEN|><|CHATBOT_TOKEN|>',
    trims: true,
    stop: ['<|END_OF_TURN_TOKEN|>'],
  },
  metharme: {
    system: ['<|system|>', ''],
    user: ['<|user|>', ''],
    assistant: ['<|model|>', ''],
    generation: '<|model|>',
    stop: ['<|user|>', '</s>'],
  },
  'deepseek-coder': {
    system: ['', ''],
    user: ['### Instruction:\n', '\n'],
    assistant: ['### Response:\n', '\n<|EOT|>\n'],
    generation: '### Response:\n',
    stop: ['<|EOT|>'],
  },
  harmony: {
    system: harmony('system'),
    user: harmony('user'),
    assistant: ['<|start|>assistant<|message|>', '<|return|>'],
    generation: '<|start|>assistant',
    stop: ['<|return|>'],
  },
  transcript: {
    system: ['', '\n\n'],
    user: ['User: ', '\n'],
    assistant: ['Assistant: ', '\n'],
    generation: 'Assistant:',
    stop: ['\nUser:'],
  },
} satisfies Record<string, Template>;

export type TemplateName = keyof typeof templates;
