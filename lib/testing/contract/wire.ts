import { Validator } from '@cfworker/json-schema';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '../../protocol/json.ts';
import type { Message } from '../../protocol/message.ts';
import { type FaultServer, startFaultServer } from '../fault-server.ts';
import { asObject } from '../kit/exchange.ts';
import { vectorOf } from '../openai-shape/answer-embeddings.ts';
import { stockTokens } from '../openai-shape/plan-reply.ts';
import { collect, embedRequest, hasAll, lastAnswered, type Stage, textRequest } from './stage.ts';

/** Headers that come from the browser (here: Node's fetch) or from the fixed options, and say nothing about the user. */
const browserHeaders = [
  ...['accept', 'accept-encoding', 'accept-language', 'cache-control', 'connection', 'content-length', 'content-type', 'host', 'pragma'],
  ...['sec-fetch-mode', 'user-agent'],
];
const pixel = {
  mediaType: 'image/png',
  data: 'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
};
const schema: JsonObject = {
  type: 'object',
  properties: { name: { type: 'string' }, sizes: { type: 'array', items: { type: 'integer', minimum: 3 }, minItems: 1 } },
  required: ['name', 'sizes'],
  additionalProperties: false,
};

/** What leaves for the server: all that was asked for, and nothing else. */
export function promiseWire(stage: Stage): void {
  const { contract } = stage;
  const signal = new AbortController().signal;

  describe('a request', () => {
    it('holds what was asked for and no other field', async () => {
      await collect(stage.chat());
      expect(Object.keys(asObject(lastAnswered(stage).body)).sort()).toEqual(contract.chatKeys);
    });

    it.runIf(contract.textKeys)('for a raw prompt holds no other field', async () => {
      await collect(stage.open().text?.(textRequest(contract), signal) ?? missing('text'));
      expect(Object.keys(asObject(lastAnswered(stage).body)).sort()).toEqual(contract.textKeys);
    });

    it.runIf(contract.embedKeys)('for vectors holds no other field, and gives them in order', async () => {
      const result = await stage.open().embed?.(embedRequest(contract), signal);
      expect(Object.keys(asObject(lastAnswered(stage).body)).sort()).toEqual(contract.embedKeys);
      expect(result?.vectors.map((vector) => vector.map(Math.fround))).toEqual([vectorOf('one', 8), vectorOf('two', 8)]);
    });

    it('has no header that tells more than it must', async () => {
      const engine = stage.open();
      await collect(stage.chat({}, signal, engine));
      await engine.models?.(signal);
      const allowed = [...browserHeaders, ...contract.headers];
      for (const { headers, path } of stage.emulator.requests) {
        expect(
          Object.keys(headers).filter((name) => !allowed.includes(name)),
          path,
        ).toEqual([]);
      }
    });

    it('follows no redirect, sends no cookie and no referrer, and leaves nothing in the cache', async () => {
      await collect(stage.chat());
      await stage.open().models?.(signal);
      expect(stage.fetched.length).toBeGreaterThan(1);
      for (const { init } of stage.fetched) {
        expect(init).toMatchObject({ redirect: 'error', credentials: 'omit', referrerPolicy: 'no-referrer', cache: 'no-store' });
      }
    });

    it.runIf(contract.secret)('has the key in its header and nowhere else', async () => {
      await collect(stage.chat());
      const { headers, text, query, path } = lastAnswered(stage);
      expect(Object.values(headers).some((value) => value.includes(contract.secret ?? ''))).toBe(true);
      expect(text + query + path).not.toContain(contract.secret);
    });

    it.runIf(contract.image)('carries an image as the server wants it', async () => {
      const content: Message['content'] = [
        { type: 'text', text: 'What is this?' },
        { type: 'image', ...pixel },
      ];
      await collect(stage.chat({ messages: [{ role: 'user', content }] as Message[] }));
      const body = asObject(lastAnswered(stage).body);
      expect(contract.image?.find(body)).toEqual(contract.image?.expected(pixel.mediaType, pixel.data));
    });

    it.runIf(contract.schema)('carries a JSON schema as the server wants it, and the answer fits', async () => {
      const collected = await collect(stage.chat({ responseFormat: { type: 'json-schema', schema, name: 'thing', strict: true } }));
      expect(collected.error).toBeUndefined();
      expect(contract.schema?.(asObject(lastAnswered(stage).body))).toEqual(schema);
      expect(new Validator(schema).validate(JSON.parse(collected.text)).errors).toEqual([]);
    });

    it.runIf(hasAll(contract, 'tools'))('carries tools, their calls and their results in a form the server takes', async () => {
      const tools = [{ name: 'weather', description: 'Tells the weather.', parameters: schema }];
      const asked: Message = { role: 'user', content: [{ type: 'text', text: 'Weather?' }] };
      const first = await collect(stage.chat({ messages: [asked], tools }));
      const call = first.parts.filter((part) => part.type === 'tool-call');
      const written = call.map((part) => part.arguments).join('');
      expect(new Validator(schema).validate(JSON.parse(written)).errors).toEqual([]);

      const id = call[0]?.id ?? '';
      const messages: Message[] = [
        asked,
        { role: 'assistant', content: [{ type: 'tool-call', id, name: 'weather', arguments: written }] },
        { role: 'tool', content: [{ type: 'tool-result', callId: id, name: 'weather', content: [{ type: 'text', text: 'Rain' }] }] },
      ];
      const second = await collect(stage.chat({ messages, tools }));
      expect(second.error).toBeUndefined();
      expect(second.text).toBe(stockTokens.join(''));
      expect(lastAnswered(stage).text).toContain('Rain');
    });
  });

  describe('a redirect', () => {
    let faults: FaultServer;
    beforeAll(async () => {
      faults = await startFaultServer();
    });
    afterAll(() => faults.close());

    it('reaches no second server', async () => {
      for (const kind of ['redirect-301', 'redirect-302', 'redirect-303', 'redirect-307', 'redirect-308'] as const) {
        const engine = stage.open({ url: faults.url(kind) });
        const { error, parts } = await collect(stage.chat({}, signal, engine));
        expect(error, kind).toMatchObject({ name: 'SwitchboardError' });
        expect(parts, kind).toEqual([]);
        await expect(engine.models?.(signal), kind).rejects.toMatchObject({ name: 'SwitchboardError' });
      }
      expect(faults.lured).toEqual([]);
    });
  });

  describe('counting', () => {
    it('gives more for more text, where the server counts', async () => {
      const engine = stage.open();
      if (!engine.countTokens) return;
      const { model } = contract;
      // What kind of server a gateway is shows only when it is asked.
      const short = await engine.countTokens({ model, text: 'A lighthouse.' }, signal).catch(unlessNotSupported);
      if (short === undefined) return;
      const long = await engine.countTokens({ model, text: 'A lighthouse, a purple one, on a rock in the sea.' }, signal);
      const message: Message = { role: 'user', content: [{ type: 'text', text: 'A lighthouse.' }] };
      const inTemplate = await engine.countTokens({ model, messages: [message] }, signal);
      expect(short).toBeGreaterThan(0);
      expect(long).toBeGreaterThan(short);
      expect(inTemplate).toBeGreaterThanOrEqual(short);
    });
  });

  describe('the model list', () => {
    it('holds the model, with its window where the server tells it', async () => {
      const engine = stage.open();
      const listed = (await engine.models?.(signal))?.find((model) => model.id === contract.model);
      expect(listed).toBeDefined();
      const asked = await engine.contextWindow?.(contract.model, signal);
      if (contract.contextWindow !== undefined) expect(asked ?? listed?.contextWindow).toBe(contract.contextWindow);
    });
  });
}

function unlessNotSupported(error: { code?: string }): undefined {
  if (error.code !== 'not-supported') throw error;
}

function missing(what: string): never {
  throw new Error(`The contract speaks of ${what}, and the engine has none.`);
}
