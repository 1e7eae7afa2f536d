import { describe, expect, it } from 'vitest';
import { readOpenAiResponse } from './read-response.ts';

const read = (body: object) => readOpenAiResponse(JSON.parse(JSON.stringify(body)));
const png = 'data:image/png;base64,AAAA';

describe('the body of /v1/responses', () => {
  it('sends nothing on that the page did not give', () => {
    expect(read({ input: 'Hi' })).toEqual({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
  });

  it('reads every option under its own name', () => {
    const schema = { type: 'object' };
    expect(
      read({
        input: 'Hi',
        instructions: 'Be brief.',
        model: 'default',
        max_output_tokens: 20,
        temperature: 0.5,
        top_p: 0.9,
        top_logprobs: 2,
        reasoning: { effort: 'xhigh', summary: 'auto' },
        text: { format: { type: 'json_schema', name: 'thing', schema, strict: true }, verbosity: 'low' },
        tools: [
          { type: 'function', name: 'f', description: 'F', parameters: schema, strict: true },
          { type: 'function', name: 'g', parameters: null, strict: null },
        ],
        tool_choice: { type: 'allowed_tools', mode: 'required', tools: [{ type: 'function', name: 'f' }] },
        parallel_tool_calls: false,
        stream: true,
        truncation: 'auto',
        background: false,
        previous_response_id: null,
      }),
    ).toEqual({
      messages: [
        { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
        { role: 'user', content: [{ type: 'text', text: 'Hi' }] },
      ],
      model: 'default',
      maxOutputTokens: 20,
      sampling: { temperature: 0.5, topP: 0.9 },
      logprobs: { top: 2 },
      thinking: { effort: 'max' },
      responseFormat: { type: 'json-schema', name: 'thing', schema, strict: true },
      tools: [{ name: 'f', description: 'F', parameters: schema, strict: true }],
      toolChoice: 'required',
      parallelToolCalls: false,
    });
  });

  it('reads items of every kind', () => {
    const { messages } = read({
      input: [
        { role: 'developer', content: 'Be brief.' },
        {
          type: 'message',
          role: 'user',
          content: [
            { type: 'input_text', text: 'Look' },
            { type: 'input_image', image_url: png, detail: 'low' },
            { type: 'input_file', filename: 'a.pdf', file_data: 'data:application/pdf;base64,BBBB' },
            { type: 'input_audio', input_audio: { data: 'CCCC', format: 'mp3' } },
          ],
        },
        { type: 'reasoning', id: 'rs_1', summary: [{ type: 'summary_text', text: 'Hm.' }], encrypted_content: 'of another service' },
        {
          type: 'message',
          id: 'msg_1',
          role: 'assistant',
          status: 'completed',
          content: [
            { type: 'output_text', text: 'I see.', annotations: [] },
            { type: 'refusal', refusal: 'No.' },
          ],
        },
        { type: 'function_call', id: 'fc_1', call_id: 'call_1', name: 'f', arguments: '{}', status: 'completed' },
        { type: 'function_call', call_id: 'call_2', name: 'g', arguments: '{}' },
        { type: 'function_call_output', call_id: 'call_1', output: 'one' },
        {
          type: 'function_call_output',
          call_id: 'call_2',
          output: [
            { type: 'input_text', text: 'two' },
            { type: 'input_image', image_url: png },
          ],
        },
      ],
    });
    expect(messages).toEqual([
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Look' },
          { type: 'image', mediaType: 'image/png', data: 'AAAA', detail: 'low' },
          { type: 'file', mediaType: 'application/pdf', data: 'BBBB', name: 'a.pdf' },
          { type: 'audio', mediaType: 'audio/mpeg', data: 'CCCC' },
        ],
      },
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'Hm.' },
          { type: 'text', text: 'I see.' },
          { type: 'refusal', text: 'No.' },
          { type: 'tool-call', id: 'call_1', name: 'f', arguments: '{}' },
          { type: 'tool-call', id: 'call_2', name: 'g', arguments: '{}' },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: 'one' }] }] },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'call_2',
            content: [
              { type: 'text', text: 'two' },
              { type: 'image', mediaType: 'image/png', data: 'AAAA' },
            ],
          },
        ],
      },
    ]);
  });

  const item = (given: unknown) => ({ input: [{ role: 'user', content: 'Hi' }, given] });
  it.each([
    [{}, 'input: is missing.'],
    [{ input: 5 }, 'input: should be a string or a list.'],
    [{ input: 'Hi', provider: {} }, 'provider: is not a field that Switchboard takes.'],
    [{ input: 'Hi', background: true }, 'background: Switchboard answers while the page waits; leave it out.'],
    [
      { input: 'Hi', previous_response_id: 'resp_1' },
      'previous_response_id: Switchboard keeps no conversations; send the earlier items in input.',
    ],
    [{ input: 'Hi', tools: [{ type: 'web_search' }] }, 'tools[0].type: should be "function": tools that OpenAI runs itself are not here.'],
    [{ input: 'Hi', tool_choice: { type: 'function', name: 'f' } }, 'tool_choice: names "f", which is not among the tools.'],
    [{ input: 'Hi', text: { format: { type: 'json_schema', name: 'x' } } }, 'text.format.schema: should be an object.'],
    [item({ role: 'tool', content: 'x' }), /^input\[1\]\.role: should be "user" or "assistant"/],
    [item({ role: 'user', content: [{ type: 'video' }] }), /^input\[1\]\.content\[0\]\.type: should be /],
    [
      item({ role: 'user', content: [{ type: 'input_image', image_url: 'https://a.example/x.png' }] }),
      /^input\[1\]\.content\[0\]\.image_url: only data: URLs/,
    ],
    [
      item({ role: 'user', content: [{ type: 'input_image', file_id: 'file-1' }] }),
      'input[1].content[0].file_id: names a file at OpenAI; pass the bytes as image_url.',
    ],
    [item({ role: 'system', content: [{ type: 'input_image', image_url: png }] }), 'input[1].content[0]: should be text.'],
    [item({ type: 'item_reference', id: 'msg_1' }), 'input[1]: names an item that Switchboard does not keep; send the item itself.'],
    [item({ type: 'web_search_call', id: 'ws_1' }), /^input\[1\]\.type: should be "message" or "function_call"/],
    [item({ type: 'function_call_output', output: 'x' }), 'input[1].call_id: should be a string.'],
    [item(null), /^input\[1\]/],
    [item('Hi'), /^input\[1\]/],
  ])('refuses %j and says where and why', (body, message) => {
    expect(() => read(body)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: typeof message === 'string' ? message : expect.stringMatching(message) }),
    );
  });
});
