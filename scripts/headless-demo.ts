import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'puppeteer';

export interface HeadlessDemo {
  page: Page;
  /** The options page, where `globalThis.switchboard` is. */
  trusted: Page;
  origin: string;
  modelName: string;
}

/** Half a minute longer than the extension itself waits for a slow local server. */
const patienceMs = 11 * 60_000;

/** Clicks Ask on the demo page and prints what it shows as it comes. 0 when it was answered, 1 when not. */
export async function askInTerminal({ page, trusted, origin, modelName }: HeadlessDemo): Promise<number> {
  await trusted.evaluate(async (origin) => void (await globalThis.switchboard.grants.set({ origin, decision: 'session' })), origin);
  console.log(`Nobody is there to answer the consent window, so this command allowed ${origin} for the session.\n`);
  await page.bringToFront();
  console.log(`Question  ${await page.$eval('#question', (question) => (question as HTMLTextAreaElement).value)}`);
  process.stdout.write('Answer    ');
  await page.click('#ask');
  const { state, problem, first, speed, tokens, model } = await follow(page);
  if (state !== 'done') {
    console.error(`\n\n${problem || `The page says: ${state}.`}`);
    return 1;
  }
  console.log(`\n\nModel        ${model || modelName}\nFirst token  ${first}\nSpeed        ${speed}\nTokens       ${tokens}`);
  return 0;
}

async function follow(page: Page): Promise<Shown> {
  const deadline = Date.now() + patienceMs;
  let printed = 0;
  while (Date.now() < deadline) {
    const shown = await page.evaluate(read);
    process.stdout.write(shown.answer.slice(printed));
    printed = shown.answer.length;
    if (['done', 'failed', 'stopped'].includes(shown.state)) return shown;
    await sleep(30);
  }
  throw new Error(`The model did not finish within ${patienceMs / 60_000} minutes.`);
}

interface Shown {
  state: string;
  answer: string;
  problem: string;
  first: string;
  speed: string;
  tokens: string;
  model: string;
}

/** Runs in the page. */
function read(): Shown {
  const text = (id: string) => document.getElementById(id)?.textContent ?? '';
  return {
    state: document.getElementById('state')?.dataset.state ?? '',
    answer: text('answer'),
    problem: text('problem'),
    first: text('first'),
    speed: text('speed'),
    tokens: text('tokens'),
    model: text('model'),
  };
}
