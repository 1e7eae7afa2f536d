import { expect, it } from 'vitest';
import { backendError } from './backend-error.ts';
import { byName } from './by-name.ts';
import { endReasonOf } from './openai-shaped/finish-reason.ts';
import { withoutRefused } from './openai-shaped/refused-parameter.ts';

const inherited = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf'];

it.each(inherited)('[F-20] %s is a name like any other to a table', (name) => {
  expect(byName({ stop: 1 })[name]).toBeUndefined();
  expect(byName({ stop: 1 }).stop).toBe(1);
  expect(endReasonOf(name)).toBe('other');
});

it.each(inherited)('[F-20] a server that refuses the parameter %s is not asked the same again', async (param) => {
  const context = { host: 'server', place: 'company', secrets: [] } as const;
  let asked = 0;
  const send = async () => {
    asked += 1;
    throw backendError({ error: { message: 'no', code: 'unsupported_parameter', param } }, { ...context, secrets: [] }, { status: 400 });
  };
  await expect(withoutRefused({ model: 'm' }, send)).rejects.toThrow();
  expect(asked).toBe(1);
});
