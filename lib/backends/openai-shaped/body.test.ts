import { describe, expect, it } from 'vitest';
import type { Message, UserContent } from '../../protocol/message.ts';
import type { ChatRequest, Sampling } from '../../protocol/request.ts';
import { chatBody, embedBody, textBody } from './body.ts';
import type { Quirks } from './quirks.ts';
import { commonSamplers } from './samplers.ts';

const plain: Quirks = { service: { label: 'it' }, samplers: commonSamplers };
const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const body = (more: Partial<ChatRequest> = {}, quirks: Partial<Quirks> = {}) =>
  chatBody({ model: 'm', messages: [user('Hi')], ...more }, { ...plain, ...quirks });
const messagesOf = (messages: Message[], quirks: Partial<Quirks> = {}) => body({ messages }, { prefill: {}, ...quirks }).messages;
const content = (...items: UserContent[]): Message[] => [{ role: 'user', content: items }];

describe('a chat body', () => {
  it('holds what was asked for and nothing else', () => {
    expect(body()).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(body({ stop: [], tools: [], sampling: {}, toolChoice: 'auto' })).toEqual(body());
    expect(body({}, { noUsageOption: true })).not.toHaveProperty('stream_options');
  });

  it('holds no more stop texts than the server takes', () => {
    const stop = ['1', '2', '3', '4', '5'];
    expect(body({ stop }, { maxStops: 4 })).toHaveProperty('stop', ['1', '2', '3', '4']);
    expect(body({ stop })).toHaveProperty('stop', stop);
    expect(textBody({ model: 'm', prompt: 'p', stop }, { ...plain, maxStops: 4 })).toHaveProperty('stop', ['1', '2', '3', '4']);
  });

  it('speaks of JSON where the server refuses it otherwise and nobody did', () => {
    const responseFormat = { type: 'json' } as const;
    const roles = (text: string) => (body({ responseFormat, messages: [user(text)] }, { jsonMention: true }).messages as object[]).length;
    expect(roles('Hi')).toBe(2);
    expect(roles('Hi, as json')).toBe(1);
    expect(body({ responseFormat }).messages).toHaveLength(1);
  });

  it('fills in what a server wants of every tool', () => {
    const tools = [{ name: 'bare' }];
    const functionOf = (quirks: Partial<Quirks>) => (body({ tools }, quirks).tools as { function: object }[])[0]?.function;
    expect(functionOf({})).toEqual({ name: 'bare' });
    expect(functionOf({ wholeTools: 'parameters' })).toEqual({ name: 'bare', parameters: { type: 'object', properties: {} } });
    expect(functionOf({ wholeTools: 'described' })).toEqual({
      name: 'bare',
      description: '',
      parameters: { type: 'object', properties: {} },
    });
  });

  it('refuses sounds for a server that takes none', () => {
    const messages = content({ type: 'audio', mediaType: 'audio/wav', data: 'AA==' });
    expect(() => body({ messages }, { audioFormats: [] })).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  it('names limits, samplers, stops and seed as the server does', () => {
    const sampling: Sampling = {
      temperature: 0,
      topK: 3,
      dry: { multiplier: 1, base: 2, breakers: ['\n'] },
      logitBias: { 7: -100 },
      mirostat: { mode: 2 },
    };
    const samplers = { ...commonSamplers, topK: 'top_k', 'dry.multiplier': 'dry_multiplier', 'dry.breakers': 'dry_sequence_breakers' };
    expect(body({ maxOutputTokens: 5, stop: ['x'], seed: 0, sampling }, { samplers, maxTokens: 'max_completion_tokens' })).toMatchObject({
      max_completion_tokens: 5,
      stop: ['x'],
      seed: 0,
      temperature: 0,
      top_k: 3,
      dry_multiplier: 1,
      dry_sequence_breakers: ['\n'],
      logit_bias: { 7: -100 },
    });
    expect(Object.keys(body({ sampling: { minP: 0.1, xtc: { threshold: 1, probability: 1 } } }))).toEqual(Object.keys(body()));
    expect(body({ maxOutputTokens: 5 })).toHaveProperty('max_tokens', 5);
  });

  it('asks for log probabilities', () => {
    expect(body({ logprobs: { top: 0 } })).toMatchObject({ logprobs: true, top_logprobs: 0 });
    expect(body({ logprobs: { top: 0 } }, { minTopLogprobs: 1 })).toMatchObject({ top_logprobs: 1 });
    expect(body({ logprobs: { top: 2 } }, { noLogprobs: true })).not.toHaveProperty('logprobs');
  });

  it('asks for a form of the answer', () => {
    const schema = { type: 'object' };
    expect(body({ responseFormat: { type: 'json' } }).response_format).toEqual({ type: 'json_object' });
    expect(body({ responseFormat: { type: 'json' } }, { jsonBySchema: true }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'object', schema },
    });
    expect(body({ responseFormat: { type: 'json-schema', schema, strict: true, description: 'd' } }).response_format).toEqual({
      type: 'json_schema',
      json_schema: { name: 'answer', schema, strict: true, description: 'd' },
    });
    const regex = { type: 'regex', pattern: 'a+' } as const;
    expect(body({ responseFormat: regex }, { regex: 'structured_outputs.regex', grammar: 'g' }).structured_outputs).toEqual({
      regex: 'a+',
    });
    expect(body({ responseFormat: { ...regex, flags: 'i' } }, { regex: 'r', grammar: 'g' }).g).toBe('root ::= [aA]+');
    expect(body({ responseFormat: regex }, { grammar: 'grammar' }).grammar).toBe('root ::= "a"+');
    expect(body({ responseFormat: { type: 'grammar', grammar: 'root ::= "a"' } }, { grammar: 'grammar' }).grammar).toBe('root ::= "a"');
    expect(() => body({ responseFormat: regex })).toThrow(expect.objectContaining({ code: 'not-supported' }));
    expect(() => body({ responseFormat: { type: 'grammar', grammar: '' } })).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  it('offers tools', () => {
    const tools = [{ name: 'f', description: 'd', parameters: { type: 'object' }, strict: true }, { name: 'g' }];
    expect(body({ tools, toolChoice: { name: 'g' }, parallelToolCalls: false })).toMatchObject({
      tools: [
        { type: 'function', function: { name: 'f', description: 'd', parameters: { type: 'object' }, strict: true } },
        { type: 'function', function: { name: 'g' } },
      ],
      tool_choice: { type: 'function', function: { name: 'g' } },
      parallel_tool_calls: false,
    });
    expect(body({ tools, toolChoice: { name: 'g' } }, { noNamedTool: true })).toMatchObject({
      tools: [{ function: { name: 'g' } }],
      tool_choice: 'required',
    });
    expect(body({ tools, toolChoice: 'none' }).tool_choice).toBe('none');
  });

  it('says how much to think, where and as the server wants it', () => {
    const thinking = { effort: 'minimal', budgetTokens: 9 } as const;
    expect(body({ thinking })).toEqual(body());
    expect(body({ thinking }, { thinking: 'reasoning_effort', efforts: { minimal: 'low' } })).toMatchObject({ reasoning_effort: 'low' });
    expect(body({ thinking }, { thinking: 'reasoning', thinkingBudget: 'reasoning.max_tokens' }).reasoning).toEqual({ max_tokens: 9 });
    expect(body({ thinking: { effort: 'high' } }, { thinking: 'reasoning' }).reasoning).toEqual({ effort: 'high' });
    expect(body({ thinking }, { thinking: 'chat_template_kwargs', thinkingBudget: 'budget' })).toMatchObject({
      budget: 9,
      chat_template_kwargs: { enable_thinking: true, reasoning_effort: 'minimal' },
    });
    expect(body({ thinking: { effort: 'none' } }, { thinking: 'chat_template_kwargs' }).chat_template_kwargs).toEqual({
      enable_thinking: false,
    });
  });

  it('continues a begun answer where the server can', () => {
    const messages: Message[] = [user('Hi'), { role: 'assistant', content: [{ type: 'text', text: 'Well, ' }], prefix: true }];
    const prefill = { continue_final_message: true, chat_template_kwargs: { enable_thinking: false } };
    expect(body({ messages, thinking: { effort: 'none' } }, { prefill, thinking: 'chat_template_kwargs' })).toMatchObject({
      ...prefill,
      messages: [{}, { role: 'assistant', content: 'Well, ' }],
    });
    expect(() => body({ messages })).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  it("adds the user's own fields last", () => {
    expect(body({ extra: { top_k: 1, stream_options: null, chat_template_kwargs: { a: 1 } } }, { prefill: {} })).toMatchObject({
      top_k: 1,
      stream_options: null,
      chat_template_kwargs: { a: 1 },
    });
  });
});

describe('messages', () => {
  it('are plain strings where they are plain text', () => {
    const system: Message = {
      role: 'system',
      content: [
        { type: 'text', text: 'a' },
        { type: 'text', text: 'b' },
      ],
    };
    expect(messagesOf([system, { ...user('Hi'), name: 'Ann' } as Message])).toEqual([
      { role: 'system', content: 'a\nb' },
      { role: 'user', content: 'Hi', name: 'Ann' },
    ]);
    expect(messagesOf([system], { systemRole: 'developer' })).toMatchObject([{ role: 'developer' }]);
  });

  it('carry pictures, sound and files', () => {
    expect(
      messagesOf(
        content(
          { type: 'text', text: 'What?' },
          { type: 'image', mediaType: 'image/png', data: 'AAAA', detail: 'low' },
          { type: 'audio', mediaType: 'audio/x-wav', data: 'BBBB' },
          { type: 'audio', mediaType: 'audio/mpeg; codecs=mp3', data: 'CCCC' },
          { type: 'file', mediaType: 'application/pdf', data: 'DDDD' },
          { type: 'file', mediaType: 'application/pdf', data: 'EEEE', name: 'a.pdf' },
        ),
        { files: true },
      ),
    ).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'What?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA', detail: 'low' } },
          { type: 'input_audio', input_audio: { data: 'BBBB', format: 'wav' } },
          { type: 'input_audio', input_audio: { data: 'CCCC', format: 'mp3' } },
          { type: 'file', file: { filename: 'file.pdf', file_data: 'data:application/pdf;base64,DDDD' } },
          { type: 'file', file: { filename: 'a.pdf', file_data: 'data:application/pdf;base64,EEEE' } },
        ],
      },
    ]);
    expect(() => messagesOf(content({ type: 'file', mediaType: 'a/b', data: '' }))).toThrow(
      expect.objectContaining({ code: 'not-supported' }),
    );
    expect(() => messagesOf(content({ type: 'audio', mediaType: 'audio/ogg', data: '' }), { audioFormats: ['wav', 'mp3'] })).toThrow(
      /wav or mp3/,
    );
  });

  it('bring tool calls and their results back', () => {
    const messages: Message[] = [
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'hm', opaque: { reasoning_details: [{ type: 'reasoning.text', text: 'hm' }] } },
          { type: 'tool-call', id: 'a', name: 'f', arguments: '' },
          { type: 'tool-call', id: 'b', name: 'g', arguments: '{"x": 1}' },
        ],
      },
      {
        role: 'tool',
        content: [
          {
            type: 'tool-result',
            callId: 'a',
            name: 'f',
            content: [
              { type: 'text', text: 'one' },
              { type: 'image', mediaType: 'image/png', data: 'AAAA' },
            ],
          },
          { type: 'tool-result', callId: 'b', content: [{ type: 'text', text: 'bad' }], isError: true },
        ],
      },
    ];
    const calls = [
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{"x": 1}' } },
    ];
    expect(messagesOf(messages)).toEqual([
      { role: 'assistant', content: null, tool_calls: calls },
      { role: 'tool', tool_call_id: 'a', content: 'one' },
      { role: 'tool', tool_call_id: 'b', content: 'Error: bad' },
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Images returned by the tools:' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ],
      },
    ]);
    expect(messagesOf(messages, { toolResultName: true, thoughtField: 'reasoning_content' })).toMatchObject([
      { reasoning_content: 'hm' },
      { name: 'f' },
      {},
      {},
    ]);
    expect(messagesOf(messages, { thoughtField: 'reasoning_details' })).toMatchObject([
      { reasoning_details: [{ text: 'hm' }] },
      {},
      {},
      {},
    ]);
  });

  it('keep text, refusal and an empty answer', () => {
    const assistant = (...items: Extract<Message, { role: 'assistant' }>['content']): Message[] => [{ role: 'assistant', content: items }];
    expect(messagesOf(assistant({ type: 'text', text: 'a' }, { type: 'text', text: 'b' }))).toEqual([{ role: 'assistant', content: 'ab' }]);
    expect(messagesOf(assistant({ type: 'refusal', text: 'no' }))).toEqual([{ role: 'assistant', content: null, refusal: 'no' }]);
    expect(messagesOf(assistant())).toEqual([{ role: 'assistant', content: '' }]);
  });
});

describe('other bodies', () => {
  it('for a raw prompt holds what was asked for', () => {
    expect(textBody({ model: 'm', prompt: 'p' }, plain)).toEqual({
      model: 'm',
      prompt: 'p',
      stream: true,
      stream_options: { include_usage: true },
    });
    expect(
      textBody(
        { model: 'm', prompt: 'p', suffix: 's', echo: true, maxOutputTokens: 3, logprobs: { top: 2 } },
        { ...plain, echo: true, suffix: true },
      ),
    ).toMatchObject({ suffix: 's', echo: true, max_tokens: 3, logprobs: 2 });
    expect(textBody({ model: 'm', prompt: 'p', echo: true }, plain)).not.toHaveProperty('echo');
    expect(() => textBody({ model: 'm', prompt: 'p', suffix: 's' }, plain)).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });

  it('for vectors holds what was asked for', () => {
    expect(embedBody({ model: 'm', input: ['a'] }, plain)).toEqual({ model: 'm', input: ['a'] });
    expect(embedBody({ model: 'm', input: ['a'], dimensions: 8 }, plain)).toEqual({ model: 'm', input: ['a'], dimensions: 8 });
  });
});

describe('the form of a text completion', () => {
  const text = (textSchema?: NonNullable<Quirks['textSchema']>) =>
    textBody(
      { model: 'm', prompt: 'p', responseFormat: { type: 'json-schema', schema: { type: 'object' } } },
      { ...plain, ...(textSchema && { textSchema }) },
    );

  it('goes where the server looks for it, or is refused', () => {
    expect(text()).toHaveProperty('response_format.type', 'json_schema');
    expect(text('json_schema')).toMatchObject({ json_schema: { type: 'object' } });
    expect(text('json_schema')).not.toHaveProperty('response_format');
    expect(() => text('none')).toThrow(expect.objectContaining({ code: 'not-supported' }));
  });
});
