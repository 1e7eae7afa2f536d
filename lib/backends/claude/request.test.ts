import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { claudeBody } from './request.ts';
import { claudeSchema } from './schema.ts';

const user = (text: string): Message => ({ role: 'user', content: [{ type: 'text', text }] });
const body = (request: Partial<ChatRequest>, maxTokens = 4096) =>
  claudeBody({ model: 'claude-haiku-4-5', messages: [user('Hi')], ...request }, { maxTokens });

describe('the body for Claude', () => {
  it('holds nothing that nobody asked for', () => {
    expect(body({})).toEqual({
      model: 'claude-haiku-4-5',
      max_tokens: 4096,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }] }],
      stream: true,
    });
  });

  it('leaves samplers out for models that refuse them, and for models newer than the table', () => {
    const sampling = { temperature: 0.5, topK: 3 };
    expect(body({ model: 'claude-opus-5', sampling })).not.toHaveProperty('temperature');
    expect(body({ model: 'claude-novella-9', sampling })).not.toHaveProperty('top_k');
    expect(body({ model: 'claude-opus-4-6', sampling })).toMatchObject({ temperature: 0.5, top_k: 3 });
    expect(body({ model: 'MiniMax-M2', sampling })).toMatchObject({ temperature: 0.5, top_k: 3 });
  });

  it('moves a temperature of the wider scale to the highest allowed, and sends top_p only without one', () => {
    expect(body({ sampling: { temperature: 1.7, topP: 0.9 } })).toMatchObject({ temperature: 1 });
    expect(body({ sampling: { temperature: 1.7, topP: 0.9 } })).not.toHaveProperty('top_p');
    expect(body({ sampling: { topP: 0.9 } })).toMatchObject({ top_p: 0.9 });
  });

  it('collects system texts, joins turns of one role and puts results of tools first', () => {
    const messages: Message[] = [
      { role: 'system', content: [{ type: 'text', text: 'Be brief.' }] },
      user('Weather?'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'functions.weather:0', name: 'weather', arguments: '{"city":"Oslo"}' }] },
      {
        role: 'tool',
        content: [{ type: 'tool-result', callId: 'functions.weather:0', content: [{ type: 'text', text: 'Rain' }], isError: true }],
      },
      user('And?'),
      { role: 'system', content: [{ type: 'text', text: 'Be kind.' }] },
    ];
    expect(body({ messages })).toMatchObject({
      system: [{ text: 'Be brief.' }, { text: 'Be kind.' }],
      messages: [
        { role: 'user' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'functions_weather_0', name: 'weather', input: { city: 'Oslo' } }] },
        {
          role: 'user',
          content: [
            { type: 'tool_result', tool_use_id: 'functions_weather_0', content: [{ type: 'text', text: 'Rain' }], is_error: true },
            { type: 'text', text: 'And?' },
          ],
        },
      ],
    });
  });

  it('begins with a user turn and ends a prefill without white space', () => {
    const messages: Message[] = [{ role: 'assistant', content: [{ type: 'text', text: 'Once upon \n' }], prefix: true }];
    expect(body({ messages }).messages).toEqual([
      { role: 'user', content: [{ type: 'text', text: '(start)' }] },
      { role: 'assistant', content: [{ type: 'text', text: 'Once upon' }] },
    ]);
  });

  it('drops empty text, which the service refuses', () => {
    const messages: Message[] = [user('Hi'), { role: 'assistant', content: [{ type: 'text', text: ' ' }] }, user('Hello?')];
    expect(body({ messages }).messages).toEqual([
      {
        role: 'user',
        content: [
          { type: 'text', text: 'Hi' },
          { type: 'text', text: 'Hello?' },
        ],
      },
    ]);
  });

  it('sends images and documents as the service reads them, and says what it cannot read', () => {
    const file = (mediaType: string): Message => ({ role: 'user', content: [{ type: 'file', mediaType, data: btoa('text'), name: 'a' }] });
    expect(body({ messages: [file('application/pdf')] }).messages).toMatchObject([
      { content: [{ type: 'document', source: { type: 'base64' }, title: 'a' }] },
    ]);
    expect(body({ messages: [file('text/markdown')] }).messages).toMatchObject([{ content: [{ source: { type: 'text', data: 'text' } }] }]);
    expect(() => body({ messages: [file('application/zip')] })).toThrow('PDF and text files');
    expect(() => body({ messages: [{ role: 'user', content: [{ type: 'image', mediaType: 'image/tiff', data: 'AA' }] }] })).toThrow('JPEG');
    expect(() => body({ messages: [{ role: 'user', content: [{ type: 'audio', mediaType: 'audio/wav', data: 'AA' }] }] })).toThrow('audio');
  });

  it('refuses arguments of a tool call that are no JSON object', () => {
    const call = (json: string): Message => ({ role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'f', arguments: json }] });
    expect(() => body({ messages: [call('{"a":')] })).toThrow('not a JSON object');
    expect(body({ messages: [user('Hi'), call('')] }).messages).toMatchObject([{}, { content: [{ input: {} }] }]);
  });

  it('names tools, the choice among them, and that one call at a time is wanted', () => {
    const tools = [{ name: 'f', description: 'does f', parameters: { properties: {} }, strict: true }, { name: 'g' }];
    expect(body({ tools, toolChoice: 'required', parallelToolCalls: false })).toMatchObject({
      tools: [
        { name: 'f', description: 'does f', input_schema: { type: 'object', properties: {} }, strict: true },
        { name: 'g', input_schema: { type: 'object' } },
      ],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
    });
    expect(body({ tools, toolChoice: { name: 'g' } })).toMatchObject({ tool_choice: { type: 'tool', name: 'g' } });
    expect(body({ tools, toolChoice: 'none', parallelToolCalls: false })).toMatchObject({ tool_choice: { type: 'none' } });
    expect(body({ tools })).not.toHaveProperty('tool_choice');
  });

  it('asks for thinking the way the model knows it', () => {
    expect(body({ thinking: { effort: 'medium' }, sampling: { temperature: 0.5 } })).toMatchObject({
      thinking: { type: 'enabled', budget_tokens: 2048 },
    });
    expect(body({ thinking: { effort: 'medium' }, sampling: { temperature: 0.5 } })).not.toHaveProperty('temperature');
    expect(body({ thinking: { effort: 'high' } }, 1000)).not.toHaveProperty('thinking');
    expect(body({ model: 'claude-sonnet-5', thinking: { effort: 'minimal' } })).toMatchObject({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'low' },
    });
    expect(body({ model: 'claude-sonnet-5', thinking: { effort: 'none' } })).toMatchObject({ thinking: { type: 'disabled' } });
    expect(body({ model: 'claude-3-haiku-20240307', thinking: { effort: 'high' } })).not.toHaveProperty('thinking');
  });

  it('sends thoughts back only as the service signed them', () => {
    const messages: Message[] = [
      user('Hi'),
      {
        role: 'assistant',
        content: [
          { type: 'thought', text: 'unsigned' },
          { type: 'thought', text: 'hm', signature: 'signed:1' },
          { type: 'thought', text: '', opaque: { type: 'redacted_thinking', data: 'zz' } },
          { type: 'text', text: 'Hello' },
        ],
      },
      user('Go on'),
    ];
    expect(body({ messages }).messages).toMatchObject([
      {},
      {
        content: [
          { type: 'thinking', thinking: 'hm', signature: 'signed:1' },
          { type: 'redacted_thinking', data: 'zz' },
          { type: 'text', text: 'Hello' },
        ],
      },
      {},
    ]);
  });

  it('does not ask for budgeted thinking in the middle of a turn that called tools without', () => {
    const messages: Message[] = [
      user('Hi'),
      { role: 'assistant', content: [{ type: 'tool-call', id: 'a', name: 'f', arguments: '{}' }] },
      { role: 'tool', content: [{ type: 'tool-result', callId: 'a', content: [] }] },
    ];
    expect(body({ messages, thinking: { effort: 'high' } })).not.toHaveProperty('thinking');
  });

  it('marks tools, system text and the latest turn for the prompt cache', () => {
    const messages: Message[] = [{ role: 'system', content: [{ type: 'text', text: 'S' }] }, user('Hi')];
    const request = { model: 'claude-haiku-4-5', messages, tools: [{ name: 'f' }] };
    const mark = { cache_control: { type: 'ephemeral', ttl: '1h' } };
    expect(claudeBody(request, { maxTokens: 9, cache: '1h' })).toMatchObject({
      tools: [mark],
      system: [mark],
      messages: [{ content: [mark] }],
    });
    expect(JSON.stringify(claudeBody(request, { maxTokens: 9 }))).not.toContain('cache_control');
  });

  it('says what it cannot be held to', () => {
    expect(() => body({ responseFormat: { type: 'regex', pattern: 'a' } })).toThrow('regular expression');
    expect(() => body({ responseFormat: { type: 'grammar', grammar: 'root ::= "a"' } })).toThrow('grammar');
    expect(body({ responseFormat: { type: 'json' } }).system).toMatchObject([{ text: expect.stringContaining('JSON') }]);
  });

  it('closes the objects of a schema and moves what the service refuses into descriptions', () => {
    const schema = {
      type: 'object',
      description: 'A person',
      properties: {
        age: { type: 'integer', minimum: 0 },
        pattern: { type: 'string' },
        tags: { type: 'array', items: { oneOf: [{ type: 'string', maxLength: 3 }] } },
      },
      required: ['age'],
    };
    expect(claudeSchema(schema)).toEqual({
      type: 'object',
      description: 'A person',
      properties: {
        age: { type: 'integer', description: '(minimum: 0)' },
        pattern: { type: 'string' },
        tags: { type: 'array', items: { anyOf: [{ type: 'string', description: '(maxLength: 3)' }] } },
      },
      required: ['age'],
      additionalProperties: false,
    });
  });

  it('adds what the user set by hand, as it is', () => {
    expect(body({ extra: { service_tier: 'auto' } })).toMatchObject({ service_tier: 'auto' });
  });

  it('asks models that cannot stop thinking for as little as they can', () => {
    const none = (model: string) => body({ model, thinking: { effort: 'none' } });
    expect(none('claude-opus-5')).toMatchObject({ thinking: { type: 'disabled' } });
    expect(none('claude-haiku-5-5')).toMatchObject({ thinking: { type: 'disabled' } });
    expect(none('claude-sonnet-5-5')).toMatchObject({ thinking: { type: 'between_tools' } });
    for (const model of ['claude-opus-5-5', 'claude-fable-5', 'claude-fable-5-2']) {
      expect(none(model)).toMatchObject({ output_config: { effort: 'low' } });
      expect(none(model)).not.toHaveProperty('thinking');
    }
  });

  it('demands a call only of models that take it, and tells the others', () => {
    const tools = [{ name: 'weather' }, { name: 'clock' }];
    const named = { tools, toolChoice: { name: 'clock' } };
    expect(body({ model: 'claude-fable-5', ...named })).toMatchObject({ tools: [{}, {}], tool_choice: { type: 'tool', name: 'clock' } });
    expect(body({ model: 'claude-opus-5-5', ...named })).toMatchObject({
      tools: [{ name: 'clock' }],
      tool_choice: { type: 'auto' },
      system: [{ text: 'Call the tool clock before you answer.' }],
    });
    expect(body({ model: 'claude-sonnet-5-5', tools, toolChoice: 'required', parallelToolCalls: false })).toMatchObject({
      tools: [{}, {}],
      tool_choice: { type: 'auto', disable_parallel_tool_use: true },
    });
    const thought = body({ ...named, thinking: { effort: 'high' } });
    expect(thought).toMatchObject({ tool_choice: { type: 'tool' } });
    expect(thought).not.toHaveProperty('thinking');
  });

  it('tells the model of a schema that the service cannot hold it to', () => {
    const asked = (schema: JsonObject, model = 'claude-opus-5') => body({ model, responseFormat: { type: 'json-schema', schema } });
    const closed = { type: 'object', properties: { name: { type: 'string', format: 'email' } }, required: ['name'] };
    expect(asked(closed)).toMatchObject({ output_config: { format: { schema: { properties: { name: { format: 'email' } } } } } });
    const told: [JsonObject, string?][] = [
      [closed, 'claude-sonnet-4-20250514'],
      [{ type: 'object' }],
      [{ type: 'object', properties: { notes: { type: 'object', additionalProperties: { type: 'string' } } } }],
      [{ $ref: '#/$defs/node', $defs: { node: { type: 'object', properties: { next: { $ref: '#/$defs/node' } } } } }],
      [{ type: 'object', properties: Object.fromEntries(Array.from('abcdefghijk', (name) => [name, { type: 'string' }])) }],
    ];
    for (const [schema, model] of told) {
      expect(asked(schema, model)).not.toHaveProperty('output_config');
      expect(asked(schema, model)).toMatchObject({ system: [{ text: expect.stringContaining(JSON.stringify(schema)) }] });
    }
  });
});
