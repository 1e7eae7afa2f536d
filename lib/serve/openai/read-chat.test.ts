import { describe, expect, it } from 'vitest';
import { readOpenAiChat } from './read-chat.ts';

const user = { role: 'user', content: 'Hi' };
const read = (more: object = {}, messages: unknown = [user]) => readOpenAiChat(JSON.parse(JSON.stringify({ messages, ...more })));
const message = (given: unknown) => read({}, [given]).messages[0];

describe('the body of /v1/chat/completions', () => {
  it('sends nothing on that the page did not give', () => {
    expect(read()).toEqual({ messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }] });
  });

  it('reads every option under its own name', () => {
    const request = read({
      model: 'default',
      temperature: 0.7,
      top_p: 0.9,
      top_k: 40,
      min_p: 0.05,
      repeat_penalty: 1.1,
      presence_penalty: -1,
      frequency_penalty: 1,
      logit_bias: { 50256: -100 },
      max_tokens: 10,
      max_completion_tokens: 20,
      stop: 'END',
      seed: 7,
      reasoning_effort: 'xhigh',
      logprobs: true,
      top_logprobs: 3,
      parallel_tool_calls: false,
      tools: [{ type: 'function', function: { name: 'get_time', description: 'Now', parameters: { type: 'object' }, strict: true } }],
      tool_choice: { type: 'function', function: { name: 'get_time' } },
      response_format: { type: 'json_schema', json_schema: { name: 'answer', strict: true, schema: { type: 'object' } } },
    });
    expect(request).toEqual({
      model: 'default',
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      sampling: {
        temperature: 0.7,
        topP: 0.9,
        topK: 40,
        minP: 0.05,
        repetitionPenalty: 1.1,
        presencePenalty: -1,
        frequencyPenalty: 1,
        logitBias: { 50256: -100 },
      },
      maxOutputTokens: 20,
      stop: ['END'],
      seed: 7,
      thinking: { effort: 'max' },
      logprobs: { top: 3 },
      parallelToolCalls: false,
      tools: [{ name: 'get_time', description: 'Now', parameters: { type: 'object' }, strict: true }],
      toolChoice: { name: 'get_time' },
      responseFormat: { type: 'json-schema', name: 'answer', strict: true, schema: { type: 'object' } },
    });
  });

  it.each([
    [{ type: 'text' }, undefined],
    [{ type: 'json_object' }, { type: 'json' }],
    [
      { type: 'json_object', schema: { type: 'array' } },
      { type: 'json-schema', schema: { type: 'array' } },
    ],
  ])('reads the response format %o', (response_format, expected) => {
    expect(read({ response_format }).responseFormat).toEqual(expected);
  });

  it('takes what OpenAI knows and a local model does not need, and null for "not given"', () => {
    const request = read({
      stream: true,
      stream_options: { include_usage: true },
      user: 'u',
      store: false,
      metadata: { a: 'b' },
      service_tier: 'auto',
      n: 1,
      modalities: ['text'],
      temperature: null,
      tools: null,
      stop: null,
    });
    expect(Object.keys(request)).toEqual(['messages']);
  });

  it.each([
    'baseUrl',
    'base_url',
    'url',
    'path',
    'method',
    'headers',
    'apiKey',
    'api_key',
    'provider',
    'fetch',
    'signal',
    'extra',
    'extra_body',
    'origin',
    'transforms',
  ])('refuses %s, by name', (field) => {
    expect(() => read({ [field]: 'x' })).toThrow(
      expect.objectContaining({ code: 'bad-request', message: `${field}: is not a field that Switchboard takes.` }),
    );
  });

  it.each([
    [{ temperature: '1' }, 'temperature: should be a number.'],
    [{ temperature: 1e308 }, 'temperature: is more than 5.'],
    [{ temperature: -1 }, 'temperature: is less than 0.'],
    [{ max_tokens: 0 }, 'max_tokens: is less than 1.'],
    [{ max_tokens: 1.5 }, 'max_tokens: should be a whole number.'],
    [{ max_tokens: 2 ** 53 }, /^max_tokens: /],
    [{ max_tokens: '∞' }, 'max_tokens: should be a number.'],
    [{ n: 17 }, 'n: is more than 16.'],
    [{ stop: Array(10_000).fill('x') }, 'stop: is more than 64 items.'],
    [{ stop: 5 }, 'stop: should be a string or a list.'],
    [{ logit_bias: Object.fromEntries(Array.from({ length: 2_000 }, (_, id) => [id, 1])) }, 'logit_bias: is more than 1024 fields.'],
    [{ logit_bias: { 1: 101 } }, 'logit_bias.1: is more than 100.'],
    [{ logit_bias: { token: 1 } }, /^logit_bias/],
    [{ seed: {} }, 'seed: should be a number.'],
    [{ top_logprobs: 5 }, 'top_logprobs: needs logprobs to be true.'],
    [{ model: '' }, 'model: is less than 1 characters.'],
    [{ model: 'x'.repeat(1_000_000) }, 'model: is more than 256 characters.'],
    [{ tools: [{ type: 'custom' }] }, 'tools[0].type: should be "function".'],
    [{ tools: [{ type: 'function', function: { name: 'has space' } }] }, /^tools\[0\]\.function\.name: /],
    [{ tool_choice: 'always' }, /^tool_choice: should be /],
    [{ response_format: { type: 'xml' } }, 'response_format.type: should be "text" or "json_object" or "json_schema".'],
    [{ functions: [] }, 'functions: was replaced by tools; use those.'],
    [{ modalities: ['text', 'audio'] }, 'modalities[1]: should be "text".'],
    [{ ['x'.repeat(1_000_000)]: 1 }, /^x{40}…: is not a field/],
  ])('refuses a value out of place and names the field: case %#', (more, text) => {
    expect(() => read(more)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: typeof text === 'string' ? text : expect.stringMatching(text) }),
    );
  });

  it.each([
    [undefined, 'messages: should be a list.'],
    [[], 'messages: is less than 1 items.'],
    ['Hi', 'messages: should be a list.'],
    [[{ role: 'SYSTEM', content: 'x' }], /^messages\[0\]\.role: should be "system" or "developer" or "user"/],
    [[{ role: '__proto__', content: 'x' }], /^messages\[0\]\.role: /],
    [[{ role: 5, content: 'x' }], /^messages\[0\]\.role: /],
    [[user, { content: 'x' }], /^messages\[1\]\.role: /],
    [[{ role: 'user' }], /^messages\[0\]\.content: should be a string or a list/],
    [[{ role: 'user', content: [{ type: 'video' }] }], /^messages\[0\]\.content\[0\]\.type: should be "text" or "image_url"/],
    [[{ role: 'user', content: [{ type: 'text', text: 5 }] }], 'messages[0].content[0].text: should be a string.'],
    [[{ role: 'user', content: Array(1_001).fill({ type: 'text', text: 'x' }) }], 'messages[0].content: is more than 1000 items.'],
    [Array(10_001).fill(user), 'messages: is more than 10000 items.'],
    [[{ role: 'tool', content: 'x' }], 'messages[0].tool_call_id: should be a string.'],
    [[{ role: 'assistant', audio: { id: 'audio_1' } }, user], 'messages[0].audio: names sound at OpenAI; pass what was said as content.'],
    [[{ role: 'assistant', content: 'x', prefix: true }, user], 'messages[0].prefix: only the last message can be continued.'],
    [
      [{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'http://192.168.0.1/cat.png' } }] }],
      /^messages\[0\]\.content\[0\]\.image_url: only data: URLs are taken.*data:image\/png;base64/,
    ],
    [[{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png,abc' } }] }], /has to be base64/],
    [[{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:image/png;base64,not base64!' } }] }], /is not base64/],
    [[{ role: 'user', content: [{ type: 'image_url', image_url: { url: 'data:text/html;base64,QUJD' } }] }], /is not an image/],
    [[{ role: 'user', content: [{ type: 'file', file: { file_id: 'file-1' } }] }], /file_id names a file at OpenAI, pass the bytes/],
  ])('refuses messages it cannot read and says where: case %#', (messages, text) => {
    const given = messages === undefined ? {} : { messages };
    expect(() => readOpenAiChat(given)).toThrow(
      expect.objectContaining({ code: 'bad-request', message: typeof text === 'string' ? text : expect.stringMatching(text) }),
    );
  });

  it.each([null, 1, 'text', [], [{}]])('refuses a body that is %o', (body) => {
    expect(() => readOpenAiChat(body)).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('reads system and developer alike, as text or parts', () => {
    expect(message({ role: 'developer', content: 'Be brief.' })).toEqual({
      role: 'system',
      content: [{ type: 'text', text: 'Be brief.' }],
    });
    expect(message({ role: 'system', content: [{ type: 'text', text: 'a' }] })).toEqual({
      role: 'system',
      content: [{ type: 'text', text: 'a' }],
    });
  });

  it('reads images, audio and files as bytes', () => {
    const content = [
      { type: 'text', text: 'Look' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD', detail: 'low' } },
      { type: 'image_url', image_url: 'data:image/JPEG;charset=utf-8;base64,QUJD' },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'mp3' } },
      { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
      { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,QUJD' } },
      { type: 'file', file: { file_data: 'QUJD' } },
    ];
    expect(message({ role: 'user', content, name: 'Ann' })).toEqual({
      role: 'user',
      name: 'Ann',
      content: [
        { type: 'text', text: 'Look' },
        { type: 'image', mediaType: 'image/png', data: 'QUJD', detail: 'low' },
        { type: 'image', mediaType: 'image/jpeg', data: 'QUJD' },
        { type: 'audio', mediaType: 'audio/mpeg', data: 'QUJD' },
        { type: 'audio', mediaType: 'audio/wav', data: 'QUJD' },
        { type: 'file', mediaType: 'application/pdf', data: 'QUJD', name: 'a.pdf' },
        { type: 'file', mediaType: 'application/pdf', data: 'QUJD' },
      ],
    });
  });

  it('reads an answer of ours when it comes back in the history, reasoning and tool calls included', () => {
    const answer = {
      role: 'assistant',
      content: null,
      refusal: null,
      annotations: [],
      audio: null,
      reasoning_content: 'I should look.',
      tool_calls: [
        {
          id: 'call_1',
          type: 'function',
          function: { name: 'get_time', arguments: '{"zone":"UTC"}' },
          extra_content: { google: { thought_signature: 's' } },
        },
      ],
    };
    expect(read({}, [user, answer, { role: 'tool', tool_call_id: 'call_1', content: '12:00' }]).messages.slice(1)).toEqual([
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'I should look.' },
          {
            type: 'tool-call',
            id: 'call_1',
            name: 'get_time',
            arguments: '{"zone":"UTC"}',
            opaque: { google: { thought_signature: 's' } },
          },
        ],
      },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'call_1', content: [{ type: 'text', text: '12:00' }] }] },
    ]);
    expect(
      message({
        role: 'assistant',
        content: 'Hi',
        reasoning_content: 'x',
        reasoning_details: [{ type: 'reasoning.text', text: 'x', signature: 's' }],
      }),
    ).toEqual({
      role: 'assistant',
      content: [
        { type: 'thought', text: 'x', signature: 's' },
        { type: 'text', text: 'Hi' },
      ],
    });
  });

  it('reads a refusal, a prefix, and calls in the form before tools', () => {
    expect(message({ role: 'assistant', refusal: 'No.' })).toEqual({ role: 'assistant', content: [{ type: 'refusal', text: 'No.' }] });
    expect(message({ role: 'assistant', content: 'Once', prefix: true })).toEqual({
      role: 'assistant',
      prefix: true,
      content: [{ type: 'text', text: 'Once' }],
    });
    const legacy = read({}, [
      { role: 'assistant', content: null, function_call: { name: 'f', arguments: '{}' } },
      { role: 'function', name: 'f', content: 'done' },
    ]);
    expect(legacy.messages).toEqual([
      { role: 'assistant', content: [{ type: 'tool-call', id: 'call_f', name: 'f', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'call_f', name: 'f', content: [{ type: 'text', text: 'done' }] }] },
    ]);
  });

  it('makes text well-formed and changes nothing else in it', () => {
    const text = '\0 \u2028 \u202e e\u0301\u0301 \ud800 😀';
    expect(message({ role: 'user', content: text })).toEqual({
      role: 'user',
      content: [{ type: 'text', text: text.replace('\ud800', '\ufffd') }],
    });
  });
});
