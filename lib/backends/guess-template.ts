import type { TemplateName } from './template-table.ts';

/**
 * The prompt template of a model, from its Jinja text (`chat_template`) or, where there is none, from its name. What
 * nobody knows gets `alpaca`, which most instruction models of the text-only era follow.
 */
export function guessTemplate(jinjaOrModelName: string): TemplateName {
  return knownTemplate(jinjaOrModelName) ?? 'alpaca';
}

/** The same, or nothing where nobody knows. */
export function knownTemplate(jinjaOrModelName: string): TemplateName | undefined {
  return byMarks(jinjaOrModelName) ?? byName.find(([pattern]) => pattern.test(jinjaOrModelName))?.[1];
}

/** The order matters: later families reuse the marks of earlier ones. */
function byMarks(jinja: string): TemplateName | undefined {
  const has = (...marks: string[]) => marks.every((mark) => jinja.includes(mark));
  if (has('<|im_start|>')) return has('<|im_sep|>') ? 'phi-4' : 'chatml';
  if (has('[INST]')) return mistralOf(has);
  if (has('<|assistant|>', '<|end|>')) return 'phi-3';
  if (has('<|user|>', '<|endoftext|>')) return 'zephyr';
  if (has('<|user|>', '<|model|>')) return 'metharme';
  if (has('<start_of_turn>')) return 'gemma';
  if (has('USER: ', 'ASSISTANT: ')) return has('SYSTEM: ') ? 'orca' : 'vicuna';
  if (has('### Instruction:', '<|EOT|>')) return 'deepseek-coder';
  if (has('### Instruction:')) return 'alpaca';
  if (has('<|START_OF_TURN_TOKEN|>', '<|USER_TOKEN|>')) return 'command-r';
  if (has('<|start_header_id|>', '<|end_header_id|>')) return 'llama-3';
  if (has('<|header_start|>')) return 'llama-4';
  return has('<|start|>', '<|channel|>') ? 'harmony' : undefined;
}

function mistralOf(has: (...marks: string[]) => boolean): TemplateName {
  if (has('[SYSTEM_PROMPT]')) return has('[SYSTEM_PROMPT] ') ? 'mistral-v7' : 'mistral-v7-tekken';
  if (!has("' [INST] ' + system_message") && !has('[AVAILABLE_TOOLS]')) return 'llama-2';
  if (has(' [INST]')) return 'mistral-v1';
  return has('"[INST]"') ? 'mistral-v3-tekken' : 'mistral-v3';
}

const byName: [RegExp, TemplateName][] = [
  [/gpt-?oss/i, 'harmony'],
  [/llama-?4/i, 'llama-4'],
  [/llama-?3/i, 'llama-3'],
  [/llama-?2.*chat|llama-?2.*inst/i, 'llama-2'],
  [/mistral-?small-?(3|24b)|magistral|devstral/i, 'mistral-v7-tekken'],
  [/mistral-?large-?2411/i, 'mistral-v7'],
  [/nemo|pixtral|ministral/i, 'mistral-v3-tekken'],
  [/mistral-7b-instruct-v0\.1|mixtral-8x7b/i, 'mistral-v1'],
  [/mistral|mixtral|codestral/i, 'mistral-v3'],
  [/gemma/i, 'gemma'],
  [/phi-?4/i, 'phi-4'],
  [/phi-?3/i, 'phi-3'],
  [/command-?r|c4ai|\baya/i, 'command-r'],
  [/deepseek-?coder/i, 'deepseek-coder'],
  [/pygmalion-?2|metharme|mythalion|pippa/i, 'metharme'],
  [/zephyr/i, 'zephyr'],
  [/vicuna|wizardlm/i, 'vicuna'],
  [/orca/i, 'orca'],
  [/qwen|hermes|dolphin|\byi-|smollm|chatml|openhermes|internlm/i, 'chatml'],
];
