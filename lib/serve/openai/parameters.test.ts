import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { readOpenAiEmbedding } from './embeddings.ts';
import { chatParameters, embeddingParameters, type Fate, responseParameters, textParameters } from './parameters.ts';
import { readOpenAiChat } from './read-chat.ts';
import { readOpenAiCompletions } from './read-completion.ts';
import { readOpenAiResponse } from './responses/read-response.ts';

const tool = { type: 'function', function: { name: 'f' } };
const flatTool = { type: 'function', name: 'f' };
const sampling = {
  temperature: 0.5,
  top_p: 0.5,
  frequency_penalty: 1,
  presence_penalty: 1,
  logit_bias: { 5: 1 },
  seed: 3,
  stop: 'END',
  max_tokens: 5,
};

/** A body that is enough, and for each carried parameter what makes another request of it; null: acted upon elsewhere. */
const doors: [string, (body: unknown) => unknown, Record<string, Fate>, object, Record<string, object | null>][] = [
  [
    '/v1/chat/completions',
    readOpenAiChat,
    chatParameters,
    { messages: [{ role: 'user', content: 'Hi' }], tools: [tool], logprobs: true },
    {
      ...Object.fromEntries(Object.entries(sampling).map(([name, value]) => [name, { [name]: value }])),
      messages: { messages: [{ role: 'user', content: 'Ho' }] },
      model: { model: 'm' },
      logprobs: { logprobs: false },
      top_logprobs: { top_logprobs: 2 },
      max_completion_tokens: { max_completion_tokens: 7 },
      parallel_tool_calls: { parallel_tool_calls: false },
      reasoning_effort: { reasoning_effort: 'low' },
      response_format: { response_format: { type: 'json_object' } },
      tools: { tools: [] },
      tool_choice: { tool_choice: 'required' },
      n: null,
      stream: null,
      stream_options: null,
      modalities: null,
    },
  ],
  [
    '/v1/completions',
    readOpenAiCompletions,
    textParameters,
    { prompt: 'Once', n: 2 },
    {
      ...Object.fromEntries(Object.entries(sampling).map(([name, value]) => [name, { [name]: value }])),
      prompt: { prompt: 'Twice' },
      model: { model: 'm' },
      suffix: { suffix: 'end' },
      echo: { echo: true },
      logprobs: { logprobs: 1 },
      n: { n: 3 },
      best_of: null,
      stream: null,
      stream_options: null,
    },
  ],
  [
    '/v1/embeddings',
    readOpenAiEmbedding,
    embeddingParameters,
    { input: 'a' },
    {
      input: { input: 'b' },
      model: { model: 'm' },
      dimensions: { dimensions: 3 },
      encoding_format: { encoding_format: 'base64' },
    },
  ],
  [
    '/v1/responses',
    readOpenAiResponse,
    responseParameters,
    { input: 'Hi', tools: [flatTool] },
    {
      input: { input: 'Ho' },
      instructions: { instructions: 'Be brief.' },
      model: { model: 'm' },
      include: { include: ['message.output_text.logprobs'] },
      max_output_tokens: { max_output_tokens: 7 },
      parallel_tool_calls: { parallel_tool_calls: false },
      reasoning: { reasoning: { effort: 'low' } },
      temperature: { temperature: 0.5 },
      top_p: { top_p: 0.5 },
      text: { text: { format: { type: 'json_object' } } },
      tools: { tools: [] },
      tool_choice: { tool_choice: 'required' },
      top_logprobs: { top_logprobs: 1 },
      metadata: null,
      stream: null,
    },
  ],
];

describe.each(doors)('the parameters of %s', (route, read, table, body, changes) => {
  const cases = Object.entries(table);
  const plain = read(body);

  it('are each carried to the model where the table says so', () => {
    const carried = cases.filter(([, fate]) => fate === 'carried').map(([name]) => name);
    expect(carried.toSorted()).toEqual(Object.keys(changes).toSorted());
    for (const [name, change] of Object.entries(changes)) {
      if (change) expect(read({ ...body, ...change }), name).not.toEqual(plain);
    }
  });

  it('change nothing where they are ignored, whatever they hold', () => {
    const ignored = cases.filter(([, fate]) => typeof fate === 'object' && 'ignored' in fate);
    for (const [name] of ignored) for (const value of ['x', { a: 1 }, true, null]) expect(read({ ...body, [name]: value })).toEqual(plain);
  });

  it('are refused by name and with the reason, unless they say nothing', () => {
    for (const [name, fate] of cases) {
      if (typeof fate !== 'object' || !('refused' in fate)) continue;
      expect(() => read({ ...body, [name]: { a: 1 } })).toThrow(
        expect.objectContaining({ code: 'bad-request', message: `${name}: ${fate.refused}.` }),
      );
      expect(read({ ...body, [name]: null })).toEqual(plain);
    }
  });

  it('are in docs/web/openai.md, each with what becomes of it', () => {
    expect(docs).toContain(listed(route, table));
  });
});

const docs = readFileSync('docs/web/openai.md', 'utf8');

/** The section of a route, to be pasted where it is missing. */
function listed(route: string, table: Record<string, Fate>): string {
  const carried = Object.keys(table).filter((name) => table[name] === 'carried');
  const rows = Object.entries(table).flatMap(([name, fate]) => {
    if (fate === 'carried') return [];
    const [word, why] = 'refused' in fate ? ['refused', fate.refused] : ['ignored', fate.ignored];
    return [`| \`${name}\` | ${word} | ${why} |`];
  });
  return [
    `### \`${route}\``,
    `Carried: ${carried.map((name) => `\`${name}\``).join(', ')}.`,
    ['| parameter | | why |', '|---|---|---|', ...rows].join('\n'),
  ].join('\n\n');
}
