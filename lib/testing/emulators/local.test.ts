import { afterEach, describe, expect, it } from 'vitest';
import type { Emulator } from '../kit/start-emulator.ts';
import { until } from '../kit/wait.ts';
import { startKoboldAi } from './koboldai.ts';
import { startKoboldCpp } from './koboldcpp.ts';
import { startOobabooga } from './oobabooga.ts';
import { startOobaboogaLegacy } from './oobabooga-legacy.ts';
import { startTabby } from './tabbyapi.ts';

let emulator: Emulator;
afterEach(() => emulator.close());

async function call(
  path: string,
  body?: object,
  headers: Record<string, string> = {},
): Promise<{ status: number; text: string; headers: Headers }> {
  const init = body && { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(emulator.url + path, { ...init, headers: { 'content-type': 'application/json', ...headers } });
  return { status: response.status, text: await response.text(), headers: response.headers };
}

const messages = [{ role: 'user', content: 'Hi' }];
const prompt = 'Hi';
const stream = true;

describe('KoboldAI', () => {
  it('as Client refuses what it does not know and what is out of range, in its own words', async () => {
    emulator = await startKoboldAi({ mode: 'client' });
    const ask = async (more: object) => {
      const { status, text } = await call('/api/v1/generate', { prompt, ...more });
      return status === 200 ? 200 : JSON.parse(text).detail;
    };
    expect(await ask({})).toBe(200);
    expect(await ask({ min_p: 0.1 })).toEqual({ min_p: ['Unknown field.'] });
    expect(await ask({ stop_sequence: ['x'] })).toEqual({ stop_sequence: ['Unknown field.'] });
    expect(await ask({ max_length: 513, sampler_seed: -1, temperature: 0 })).toMatchObject({
      max_length: [expect.stringContaining('512')],
      sampler_seed: [expect.any(String)],
      temperature: [expect.any(String)],
    });
    expect((await call('/api/v1/generate', { prompt }, { 'content-type': 'text/plain' })).status).toBe(415);
  });

  it('as United takes stop texts and leaves them in, and any field from 1.2.5 on', async () => {
    emulator = await startKoboldAi({ scenario: { tokens: ['One', ' two', ' three'] } });
    const { text } = await call('/api/latest/generate', { prompt, stop_sequence: [' two'], min_p: 1 });
    expect(JSON.parse(text)).toEqual({ results: [{ text: ' One two' }] });
    await emulator.close();
    emulator = await startKoboldAi({ version: '1.2.4' });
    expect((await call('/api/v1/generate', { prompt, min_p: 1 })).status).toBe(422);
  });

  it('answers one at a time, and nothing without a model', async () => {
    const busy = await startKoboldAi({ scenario: { tokenDelayMs: 20 } });
    emulator = busy;
    const first = call('/api/v1/generate', { prompt });
    await until(() => busy.generating, 'the first');
    expect(await call('/api/v1/generate', { prompt })).toMatchObject({ status: 503, text: expect.stringContaining('service_unavailable') });
    expect((await first).status).toBe(200);
    await emulator.close();
    emulator = await startKoboldAi({ model: null });
    expect((await call('/api/v1/generate', { prompt })).status).toBe(501);
    expect((await call('/api/v1/model')).text).toBe('{"result":"ReadOnly"}');
    expect(await call('/api/extra/version')).toMatchObject({ status: 404, text: expect.stringContaining('generic.error_404') });
  });
});

describe('KoboldCpp', () => {
  it('writes the end of its streams as its version does', async () => {
    const end = async (version: string, path: string, body: object) => {
      emulator = await startKoboldCpp({ version, scenario: { tokens: ['One', ' two'] } });
      const { text } = await call(path, body);
      await emulator.close();
      return text.slice(text.lastIndexOf('data: ', text.length - 20));
    };
    const own = '/api/extra/generate/stream';
    expect(await end('1.76', own, { prompt })).toBe('data: {"token": " two", "finish_reason": "stop"}\n\n');
    expect(await end('1.111', own, { prompt })).toBe('data: {"token": "", "finish_reason": "stop"}\n\n');
    expect(await end('1.101', '/v1/chat/completions', { messages, stream })).toMatch(/"finish_reason": "stop"}\]}\n\ndata: \[DONE\]$/);
    expect(await end('1.102', '/v1/chat/completions', { messages, stream })).toMatch(/data: \[DONE\]\n\n$/);
    emulator = await startKoboldCpp({ version: '1.76' });
    expect((await call(own, { prompt })).text).toContain('"finish_reason": "null"');
  });

  it('leaves the stop text in where it is not told to trim, before 1.80', async () => {
    const ask = async (version: string, more: object = {}) => {
      emulator = await startKoboldCpp({ version, scenario: { tokens: ['One', ' two', ' three'] } });
      const { text } = await call('/api/v1/generate', { prompt, stop_sequence: [' two'], ...more });
      await emulator.close();
      return JSON.parse(text).results[0];
    };
    expect(await ask('1.76')).toEqual({ text: 'One two', finish_reason: 'length' });
    expect(await ask('1.76', { trim_stop: true })).toMatchObject({ text: 'One' });
    expect(await ask('1.111')).toMatchObject({ text: 'One', finish_reason: 'length', prompt_tokens: 1 });
    emulator = await startKoboldCpp();
  });

  it('protects what costs and shows the rest, and answers in texts when told to stop', async () => {
    emulator = await startKoboldCpp({ apiKey: 'right' });
    expect((await call('/api/v1/model')).text).toBe('{"result": "koboldcpp/protected-model"}');
    expect((await call('/api/extra/perf')).status).toBe(200);
    expect((await call('/v1/models')).status).toBe(200);
    expect((await call('/api/extra/tokencount', { prompt })).status).toBe(401);
    const right = { authorization: 'Bearer right' };
    expect((await call('/api/extra/tokencount', { prompt: 'Hi' }, right)).text).toBe('{"value": 2, "ids": [1, 2]}');
    expect((await call('/api/extra/abort', {}, right)).text).toBe('{"success": "false", "done": "false"}');
    expect((await call('/any/where/api/extra/version')).text).toContain('"protected": true');
  });
});

describe('text-generation-webui', () => {
  it('writes its streams as its version does', async () => {
    const ask = async (version: '2' | '4.0' | '4.1', more: object = {}) => {
      emulator = await startOobabooga({ version, scenario: { tokens: ['One'] } });
      const { text } = await call('/v1/chat/completions', { messages, stream, ...more });
      await emulator.close();
      return text;
    };
    const two = await ask('2');
    expect(two).toMatch(/^: ping - .*\r\n\r\ndata: /);
    expect(two).toMatch(/"delta": {"role": "assistant", "content": ""}, "finish_reason": "stop"}\], "usage": {.*}}\r\n\r\n$/);
    expect(await ask('4.0')).toMatch(/"usage": {.*}}\n\n$/);
    expect(await ask('4.1')).not.toContain('usage');
    expect(await ask('4.1', { stream_options: { include_usage: true } })).toMatch(/"choices": \[\], "usage": {.*}}\n\ndata: \[DONE\]\n\n$/);
    emulator = await startOobabooga();
  });

  it('has a key for each half of its routes, and shows two dummies before 3.6', async () => {
    emulator = await startOobabooga({ apiKey: 'user', adminKey: 'admin', version: '3' });
    const status = async (path: string, key: string) => (await call(path, undefined, { authorization: `Bearer ${key}` })).status;
    expect(await status('/v1/internal/model/info', 'user')).toBe(200);
    expect(await status('/v1/internal/model/info', 'admin')).toBe(401);
    expect(await status('/v1/internal/model/list', 'admin')).toBe(200);
    expect(await status('/v1/internal/model/list', 'user')).toBe(401);
    expect((await call('/v1/models', undefined, { authorization: 'Bearer user' })).text).toContain('text-embedding-ada-002');
  });

  it('of before November 2023 begins its answers before it works, and dies of a missing prompt', async () => {
    emulator = await startOobaboogaLegacy();
    expect((await call('/api/v1/generate', { prompt })).text).toContain('"results": [{"text": "Hello');
    expect((await call('/api/v1/model', { action: 'load', model_name: 'nothing' })).text).toContain('"error": {"message"');
    await expect(call('/api/v1/generate', {})).rejects.toThrow();
  });
});

describe('TabbyAPI', () => {
  it('says nothing of roles, ends its lines with CRLF, and has the finish beside the usage', async () => {
    emulator = await startTabby({ scenario: { tokens: ['One'] } });
    const plain = (await call('/v1/chat/completions', { messages, stream })).text;
    expect(plain).toContain('"delta": {"content": "One"}, "finish_reason": null');
    expect(plain).not.toContain('role');
    expect(plain).toMatch(/\r\n\r\ndata: \[DONE\]\r\n\r\n$/);
    const counted = (await call('/v1/chat/completions', { messages, stream, stream_options: { include_usage: true } })).text;
    expect(counted).toMatch(/"finish_reason": "stop", .*"usage": {/);
    expect(counted.match(/"finish_reason": "stop"/g)).toHaveLength(1);
  });

  it('fails inside a text stream without a limit, and calls the model by another name there', async () => {
    emulator = await startTabby();
    const failed = await call('/v1/completions', { prompt, stream });
    expect(failed).toMatchObject({ status: 200, text: expect.stringContaining('Completion aborted') });
    expect(failed.text).not.toContain('[DONE]');
    expect((await call('/v1/completions', { prompt, stream, max_tokens: 5 })).text).toContain('"model_name": "tiny-instruct-4.0bpw"');
  });

  it('weighs its headers: those of its own win over Authorization', async () => {
    emulator = await startTabby({ apiKey: 'user', adminKey: 'admin' });
    const asked = async (headers: Record<string, string>) => {
      const { status, text } = await call('/v1/auth/permission', undefined, headers);
      return status === 200 ? JSON.parse(text).permission : JSON.parse(text).detail;
    };
    expect(await asked({})).toBe('Please provide an API key');
    expect(await asked({ authorization: 'Bearer user' })).toBe('api');
    expect(await asked({ 'x-api-key': 'admin', authorization: 'Bearer user' })).toBe('admin');
    expect(await asked({ 'x-api-key': 'wrong', authorization: 'Bearer user' })).toBe('Invalid API key');
    expect((await call('/v1/model/load', {}, { 'x-admin-key': 'user' })).text).toBe('{"detail":"Invalid admin key"}');
  });
});
