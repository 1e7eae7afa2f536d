import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Change, Database } from '../storage/database.ts';
import { createMemoryDatabase } from '../storage/memory-database.ts';
import { createLedger, type Hold, type Ledger } from './ledger.ts';
import type { UsageRows } from './rows.ts';
import { nothing, plus, type Spent, tokensOf } from './spent.ts';

const noon = new Date(2026, 0, 31, 12).getTime();
const origins = ['https://a.example', 'https://b.example', 'extension'];
const budget = { tokensPerDay: 400, microUsdPerDay: 500 };
const caps = { microUsdPerDay: 900, connectionMicroUsdPerDay: 700 };
const connectionOf = (origin: string) => (origin === 'extension' ? 'd' : 'c');
const price = (input: number, output: number) => input + 2 * output;

/** A disk that takes a while, refuses when told to, and loses what is on its way when the power goes. */
function slowDisk(rows: Database<UsageRows>) {
  let queue: { changes: Change<UsageRows>[]; done(): void; failed(error: Error): void }[] = [];
  let isFull = false;
  const database: Database<UsageRows> = {
    ...rows,
    write: (changes) =>
      new Promise((done, failed) => {
        if (isFull) failed(new Error('full'));
        else queue.push({ changes: structuredClone(changes), done, failed });
      }),
  };
  return {
    database,
    async flush(most = Number.POSITIVE_INFINITY) {
      for (let count = 0; count < most && queue.length > 0; count++) {
        const next = queue.shift();
        if (next) await rows.write(next.changes);
        next?.done();
        await turns();
      }
    },
    fill(full: boolean) {
      isFull = full;
    },
    lose() {
      queue = [];
    },
  };
}

const turns = async () => {
  for (let turn = 0; turn < 12; turn++) await Promise.resolve();
};

interface Call {
  origin: string;
  hold: Hold;
  input: number;
  output: number;
  /** Its reservation has reached the disk at some time. */
  isWritten: boolean;
}

/** What must be true of money and tokens whatever happens, told without any of the ledger's own code. */
interface Model {
  calls: Call[];
  /** What every asker has certainly spent. */
  spent: Map<string, Spent>;
}

interface Real {
  ledger: Ledger;
  rows: Database<UsageRows>;
  disk: ReturnType<typeof slowDisk>;
}

class Reserve implements fc.AsyncCommand<Model, Real> {
  readonly what: { origin: number; input: number; output: number; isOpenEnded: boolean };
  constructor(what: { origin: number; input: number; output: number; isOpenEnded: boolean }) {
    this.what = what;
  }
  check = () => true;
  async run(model: Model, real: Real): Promise<void> {
    const origin = origins[this.what.origin] as string;
    const { input, output, isOpenEnded } = this.what;
    const claim = {
      id: crypto.randomUUID(),
      origin,
      connectionId: connectionOf(origin),
      backend: 'b',
      model: 'm',
      inputTokens: input,
      cost: price,
      isOpenEnded,
    };
    const asked = real.ledger.reserve({ ...claim, outputTokens: output }, origin === 'extension' ? {} : budget, caps);
    const settled = await Promise.race([asked.catch(() => undefined), real.disk.flush().then(() => asked.catch(() => undefined))]);
    if (settled) model.calls.push({ origin, hold: settled, input, output: settled.outputTokens, isWritten: false });
  }
  toString = () => `reserve ${JSON.stringify(this.what)}`;
}

class OfCall implements fc.AsyncCommand<Model, Real> {
  readonly at: number;
  readonly name: string;
  readonly work: (call: Call, model: Model, real: Real) => Promise<void>;
  constructor(at: number, name: string, work: (call: Call, model: Model, real: Real) => Promise<void>) {
    this.at = at;
    this.name = name;
    this.work = work;
  }
  check = ({ calls }: Readonly<Model>) => calls.length > 0;
  run = (model: Model, real: Real) => this.work(model.calls[this.at % model.calls.length] as Call, model, real);
  toString = () => `${this.name} ${this.at}`;
}

class Whole implements fc.AsyncCommand<Model, Real> {
  readonly name: string;
  readonly work: (model: Model, real: Real) => Promise<void>;
  constructor(name: string, work: (model: Model, real: Real) => Promise<void>) {
    this.name = name;
    this.work = work;
  }
  check = () => true;
  run = (model: Model, real: Real) => this.work(model, real);
  toString = () => this.name;
}

function write(call: Call, _: Model, { disk }: Real): Promise<void> {
  call.hold.write().then(
    () => {
      call.isWritten = true;
    },
    () => {},
  );
  return disk.flush();
}

async function grow(call: Call, by: number, { disk }: Real): Promise<void> {
  if (call.hold.grow(by)) call.output += by;
  await disk.flush();
}

async function settle(call: Call, used: number, model: Model, { disk }: Real): Promise<void> {
  const spent = { inputTokens: call.input, outputTokens: Math.min(used, call.output) };
  const microUsd = price(spent.inputTokens, spent.outputTokens);
  call.hold.settle({ ...spent, microUsd }).catch(() => {});
  model.calls = model.calls.filter((each) => each !== call);
  model.spent.set(call.origin, plus(model.spent.get(call.origin) ?? nothing, { calls: 1, ...spent, microUsd }));
  await disk.flush();
}

/** The power goes while calls run: what was written counts at what was reserved, the rest had not begun. */
async function die(model: Model, real: Real): Promise<void> {
  real.disk.lose();
  for (const { origin, input, output, isWritten } of model.calls) {
    if (!isWritten) continue;
    const spent = { calls: 1, inputTokens: input, outputTokens: output, microUsd: price(input, output) };
    model.spent.set(origin, plus(model.spent.get(origin) ?? nothing, spent));
  }
  model.calls = [];
  real.ledger = createLedger(real.disk.database, () => noon);
  const ready = real.ledger.ready();
  await turns();
  await real.disk.flush();
  await ready;
}

/** Σ of what is on disk, and of what is held, against the model and against the limits. */
async function check(model: Model, { rows }: Real): Promise<void> {
  const money = { c: 0, d: 0 };
  for (const origin of origins) {
    const expected = model.spent.get(origin) ?? nothing;
    const held = model.calls.filter((call) => call.origin === origin);
    const days = (await rows.list('days')).filter(([key]) => key.split('|')[1] === origin).map(([, row]) => row);
    const total = (await rows.get('totals', origin)) ?? nothing;
    expect(days.reduce(plus, nothing)).toEqual(expected);
    expect(total).toEqual(expected);
    const heldTokens = held.reduce((sum, { input, output }) => sum + input + output, 0);
    const heldMoney = held.reduce((sum, { input, output }) => sum + price(input, output), 0);
    money[connectionOf(origin)] += expected.microUsd + heldMoney;
    if (origin === 'extension') continue;
    expect(tokensOf(expected) + heldTokens).toBeLessThanOrEqual(budget.tokensPerDay);
    expect(expected.microUsd + heldMoney).toBeLessThanOrEqual(budget.microUsdPerDay);
  }
  for (const each of [money.c, money.d]) expect(each).toBeLessThanOrEqual(caps.connectionMicroUsdPerDay);
  expect(money.c + money.d).toBeLessThanOrEqual(caps.microUsdPerDay);
}

class Checked implements fc.AsyncCommand<Model, Real> {
  readonly command: fc.AsyncCommand<Model, Real>;
  constructor(command: fc.AsyncCommand<Model, Real>) {
    this.command = command;
  }
  check = (model: Readonly<Model>) => this.command.check(model);
  async run(model: Model, real: Real): Promise<void> {
    await this.command.run(model, real);
    await check(model, real);
  }
  toString = () => String(this.command);
}

const at = fc.nat(20);
const commands = [
  fc
    .record({ origin: fc.nat(2), input: fc.nat(120), output: fc.nat(200), isOpenEnded: fc.boolean() })
    .map((what) => new Checked(new Reserve(what))),
  at.map((n) => new Checked(new OfCall(n, 'write', write))),
  fc.tuple(at, fc.nat(80)).map(([n, by]) => new Checked(new OfCall(n, `grow by ${by}`, (call, _, real) => grow(call, by, real)))),
  fc
    .tuple(at, fc.nat(250))
    .map(([n, used]) => new Checked(new OfCall(n, `settle ${used}`, (call, model, real) => settle(call, used, model, real)))),
  fc.constant(new Checked(new Whole('die', die))),
];

describe('the ledger, under any order of calls, deaths and refusals of the disk', () => {
  it('never lets spent and reserved together cross a limit, and counts what was written exactly once', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(commands, { maxCommands: 40 }), async (steps) => {
        const setup = () => {
          const rows = createMemoryDatabase<UsageRows>();
          const disk = slowDisk(rows);
          return { model: { calls: [], spent: new Map() }, real: { rows, disk, ledger: createLedger(disk.database, () => noon) } };
        };
        await fc.asyncModelRun(setup, steps);
      }),
      { numRuns: 120 },
    );
  });

  it('runs calls that begin together one by one through the check, however their steps interleave', async () => {
    await fc.assert(
      fc.asyncProperty(fc.scheduler(), fc.array(fc.nat(200), { minLength: 2, maxLength: 12 }), async (scheduler, lengths) => {
        const ledger = createLedger(createMemoryDatabase<UsageRows>(), () => noon);
        let held = 0;
        let most = 0;
        const calls = lengths.map(async (outputTokens, index) => {
          await scheduler.schedule(Promise.resolve(), `call ${index}`);
          const claim = {
            id: `${index}`,
            origin: 'https://a.example',
            connectionId: 'c',
            backend: 'b',
            model: 'm',
            inputTokens: 50,
            outputTokens,
          };
          const hold = await ledger.reserve(claim, { tokensPerDay: 500 }).catch(() => undefined);
          if (!hold) return;
          held += 50 + outputTokens;
          most = Math.max(most, held);
          await scheduler.schedule(Promise.resolve(), `answer ${index}`);
          await hold.settle({ inputTokens: 50, outputTokens: 0, microUsd: 0 });
          held -= outputTokens;
        });
        await scheduler.waitFor(Promise.all(calls));
        expect(most).toBeLessThanOrEqual(500);
      }),
      { numRuns: 60 },
    );
  });

  it.each([
    ['before anything was written', async () => {}, nothing],
    [
      'after the reservation was written',
      async (hold: Hold) => void hold.write(),
      { calls: 1, inputTokens: 40, outputTokens: 20, microUsd: 80 },
    ],
    [
      'after it grew',
      async (hold: Hold) => {
        void hold.write();
        hold.grow(10);
      },
      { calls: 1, inputTokens: 40, outputTokens: 30, microUsd: 100 },
    ],
    [
      'after it was settled',
      async (hold: Hold) => {
        void hold.write();
        void hold.settle({ inputTokens: 40, outputTokens: 5, microUsd: 50 });
      },
      { calls: 1, inputTokens: 40, outputTokens: 5, microUsd: 50 },
    ],
  ])('counts what a background that died %s had spent', async (_, step, expected) => {
    const rows = createMemoryDatabase<UsageRows>();
    const disk = slowDisk(rows);
    const claim = {
      id: '1',
      origin: 'https://a.example',
      connectionId: 'c',
      backend: 'b',
      model: 'm',
      inputTokens: 40,
      outputTokens: 20,
      cost: price,
    };
    await step(await createLedger(disk.database, () => noon).reserve(claim, {}));
    await disk.flush();
    // Twice: a background that dies while it starts must not count again.
    for (let start = 0; start < 2; start++) {
      const ready = createLedger(rows, () => noon).ready();
      await ready;
    }
    expect((await rows.get('totals', 'https://a.example')) ?? nothing).toEqual(expected);
    expect(await rows.count('reservations')).toBe(0);
  });

  it('keeps in memory what the disk refuses, and writes it with the next', async () => {
    const rows = createMemoryDatabase<UsageRows>();
    const disk = slowDisk(rows);
    const ledger = createLedger(disk.database, () => noon);
    const claim = (id: string) => ({
      id,
      origin: 'https://a.example',
      connectionId: id,
      backend: 'b',
      model: 'm',
      inputTokens: 40,
      outputTokens: 20,
    });
    const first = await ledger.reserve(claim('one'), { tokensPerDay: 100 });
    disk.fill(true);
    await expect(first.settle({ inputTokens: 40, outputTokens: 20, microUsd: 0 })).rejects.toThrow('full');
    await expect(ledger.reserve(claim('two'), { tokensPerDay: 100 })).rejects.toMatchObject({ code: 'budget-exceeded' });
    disk.fill(false);
    const next = await ledger.reserve({ ...claim('three'), inputTokens: 1, outputTokens: 1 }, {});
    void next.settle({ inputTokens: 1, outputTokens: 1, microUsd: 0 });
    await disk.flush();
    expect(await rows.get('totals', 'https://a.example')).toMatchObject({ calls: 2, inputTokens: 41, outputTokens: 21 });
    expect((await rows.list('days')).map(([key]) => key.split('|')[2])).toEqual(['one', 'three']);
  });
});
