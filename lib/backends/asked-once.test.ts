import { describe, expect, it } from 'vitest';
import { askedOnce } from './asked-once.ts';

const { signal } = new AbortController();

describe('askedOnce', () => {
  it('asks once for all callers, and again when told to forget', async () => {
    let asked = 0;
    const once = askedOnce(async () => ++asked);
    expect(await Promise.all([once.get(signal), once.get(signal)])).toEqual([1, 1]);
    expect(await once.get(signal)).toBe(1);
    once.forget();
    expect(await once.get(signal)).toBe(2);
  });

  it('asks again after a failure, which all who waited hear of', async () => {
    let asked = 0;
    const once = askedOnce(async () => {
      asked++;
      if (asked === 1) throw new Error('no');
      return asked;
    });
    const [first, second] = [once.get(signal), once.get(signal)];
    await expect(first).rejects.toThrow('no');
    await expect(second).rejects.toThrow('no');
    expect(await once.get(signal)).toBe(2);
  });

  it('leaves the question to the others when one caller stops, and drops it with the last', async () => {
    const stopped: boolean[] = [];
    let answer = (_value: string) => {};
    const once = askedOnce((own) => {
      own.addEventListener('abort', () => stopped.push(true));
      return new Promise<string>((resolve) => {
        answer = resolve;
      });
    });
    const leaving = new AbortController();
    const [first, second] = [once.get(leaving.signal), once.get(signal)];
    leaving.abort();
    await expect(first).rejects.toMatchObject({ code: 'aborted' });
    expect(stopped).toEqual([]);
    answer('known');
    expect(await second).toBe('known');

    once.forget();
    const last = new AbortController();
    const alone = once.get(last.signal);
    last.abort();
    await expect(alone).rejects.toMatchObject({ code: 'aborted' });
    expect(stopped).toEqual([true]);
    await expect(once.get(AbortSignal.abort())).rejects.toMatchObject({ code: 'aborted' });
  });
});
