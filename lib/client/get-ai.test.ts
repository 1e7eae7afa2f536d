import type OpenAI from 'openai';
import { afterEach, beforeEach, describe, expect, expectTypeOf, it } from 'vitest';
import type { ChatBody, ChatCompletion, ChatCompletionChunk } from '../protocol/openai.ts';
import { getAI, requireAI } from './get-ai.ts';
import { NotInstalledError } from './not-installed.ts';
import type { ProviderAnnouncement, SwitchboardProvider } from './types.ts';

describe('getAI', () => {
  const page = new EventTarget();
  const names = ['addEventListener', 'removeEventListener', 'dispatchEvent'] as const;
  beforeEach(() => {
    for (const name of names) Object.assign(globalThis, { [name]: page[name].bind(page) });
  });
  afterEach(() => {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
  });

  it('finds a provider that is there already', async () => {
    const announce = () => page.dispatchEvent(announcement('here'));
    page.addEventListener('ai:requestProvider', announce);
    expect(await getAI()).toBe('here');
    page.removeEventListener('ai:requestProvider', announce);
  });

  it('waits for one that comes later, and takes the one that is wanted', async () => {
    const found = getAI({ accepts: ({ info }) => info.rdns === 'invalid.second' });
    page.dispatchEvent(announcement('first'));
    page.dispatchEvent(announcement('second'));
    expect(await found).toBe('second');
  });

  it('resolves with nothing when none comes in time', async () => {
    expect(await getAI({ timeout: 5 })).toBeUndefined();
  });

  it('is there at once on a server, with nothing', async () => {
    for (const name of names) Reflect.deleteProperty(globalThis, name);
    expect(await getAI({ timeout: 60_000 })).toBeUndefined();
  });

  it('rejects with the reason of its signal, and listens no longer', async () => {
    const stop = new AbortController();
    const found = getAI({ timeout: 60_000, signal: stop.signal });
    stop.abort(new Error('left'));
    await expect(found).rejects.toThrow('left');
    await expect(getAI({ signal: stop.signal })).rejects.toThrow('left');
  });

  it('tells who wants to know that there is none, and where to get it', async () => {
    const heard: NotInstalledError[] = [];
    const onNotInstalled = (error: NotInstalledError) => void heard.push(error);
    expect(await getAI({ timeout: 5, onNotInstalled })).toBeUndefined();
    await expect(requireAI({ timeout: 5, onNotInstalled })).rejects.toBeInstanceOf(NotInstalledError);
    expect(heard).toHaveLength(2);
    expect(heard[0]).toMatchObject({ name: 'NotInstalledError', code: 'not-installed' });
    const links = { firefox: 'https://app.example/firefox', chromium: 'https://app.example/chrome' };
    expect(new NotInstalledError(links, 'firefox')).toMatchObject({ browser: 'firefox', link: links.firefox });
    expect(new NotInstalledError(links, undefined).link).toBeUndefined();
  });

  it("has types that OpenAI's own requests and answers fit", () => {
    expectTypeOf<ChatCompletion['choices'][number]['message']['content']>().toEqualTypeOf<
      OpenAI.ChatCompletion['choices'][number]['message']['content']
    >();
    expectTypeOf<ChatCompletionChunk['choices'][number]['delta']['content']>().toExtend<
      OpenAI.ChatCompletionChunk['choices'][number]['delta']['content']
    >();
    expectTypeOf<{ messages: { role: 'user'; content: string }[]; model: string }>().toExtend<ChatBody>();
    const ai = undefined as unknown as SwitchboardProvider | undefined;
    expectTypeOf(ai?.chat.completions.create).not.toBeAny();
  });
});

function announcement(name: string): CustomEvent<ProviderAnnouncement> {
  return new CustomEvent('ai:announceProvider', {
    detail: { info: { rdns: `invalid.${name}` }, provider: name } as unknown as ProviderAnnouncement,
  });
}
