import { beforeEach, expect, it } from 'vitest';
import { fakeBrowser } from 'wxt/testing/fake-browser';
import { findGrantsOfBoth } from './both-sites.ts';
import { setGrant } from './grants.ts';

const page = 'https://shop.example';
const frame = 'https://widget.example';
const embedded = { origin: frame, topOrigin: page };
const decisions = async () => (await findGrantsOfBoth(embedded)).map(({ decision, origin, topOrigin }) => [decision, origin, topOrigin]);

beforeEach(() => fakeBrowser.reset());

it('a frame is allowed where the user allowed its site and the page around it', async () => {
  await setGrant({ origin: page });
  expect(await decisions()).toEqual([]);
  await setGrant({ origin: frame, decision: 'session' });
  expect(await decisions()).toEqual([['session', frame, undefined]]);
});

it('a frame gets nothing from its own site where the page is not allowed, or not for long', async () => {
  await setGrant({ origin: frame });
  expect(await decisions()).toEqual([]);
  await setGrant({ origin: page, decision: 'once' });
  expect(await decisions()).toEqual([]);
  await setGrant({ origin: page, decision: 'block' });
  expect(await decisions()).toEqual([]);
});

it('what the user decided about this very frame comes first', async () => {
  await setGrant({ origin: page });
  await setGrant({ origin: frame });
  await setGrant({ ...embedded, decision: 'block' });
  expect(await decisions()).toEqual([['block', frame, page]]);
});

it('a site that is blocked is blocked in frames too', async () => {
  await setGrant({ origin: page });
  await setGrant({ origin: frame, decision: 'block' });
  expect(await decisions()).toEqual([['block', frame, undefined]]);
});
