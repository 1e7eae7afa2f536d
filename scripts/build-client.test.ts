import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { clientLimits, clientName, measureClient } from './build-client.ts';
import { root } from './extension-folder.ts';
import { type Consumer, packClient } from './pack-client.ts';

/** What a project writes; each line is held by the compiler. */
const consumerCode = `
import { generateText } from 'ai';
import { generateText as generateTextSeven } from 'ai7';
import { type AccessState, type ChatBody, getAI, NotInstalledError, type PageModel, requireAI, type SwitchboardProvider } from '${clientName}';
import { createSwitchboard, type SwitchboardOptions } from '${clientName}/ai-sdk';
import { createAIStore } from '${clientName}/store';

const ai: SwitchboardProvider | undefined = await getAI({ timeout: 100, signal: AbortSignal.timeout(200) });
// @ts-expect-error it may be missing
ai.models.list();
const sure: SwitchboardProvider = await requireAI({ installLinks: { firefox: '/install' } });
const models: PageModel[] = await sure.models.list();
const access: AccessState = await sure.requestAccess({ reason: 'To answer.' });
const body: ChatBody & { stream: true } = { messages: [{ role: 'user', content: 'Hello' }], stream: true };
for await (const chunk of sure.chat.completions.create(body)) chunk.choices[0]?.delta.content?.trim();
const whole = await window.ai?.chat.completions.create({ messages: body.messages });
const text: string | null | undefined = whole?.choices[0]?.message.content;
// @ts-expect-error a whole answer has no delta
whole?.choices[0]?.delta;
const stop: () => void = sure.on('modelchanged', (model: PageModel | null) => model?.name);
addEventListener('ai:announceProvider', (event) => event.detail.info.rdns);

const switchboard = createSwitchboard({ timeout: 100, onNotInstalled: (error: NotInstalledError) => error.link });
const wishes: SwitchboardOptions = { reasoningEffort: 'low' };
const asked = { model: switchboard('default'), prompt: 'Hello', providerOptions: { switchboard: { ...wishes } } };
const answers: string[] = [(await generateText(asked)).text, (await generateTextSeven(asked)).text];

const state = createAIStore().get();
if (state.status === 'ready') state.ai.chat;
// @ts-expect-error only when it is there
state.ai;
export { access, answers, models, stop, text };
`;

describe('the client as npm would publish it', () => {
  let consumer: Consumer;
  beforeAll(() => {
    consumer = packClient(['ai', 'ai7']);
  }, 60_000);
  afterAll(() => consumer?.remove());

  it('is held to its types by whoever imports it', () => {
    const options = { target: 'es2023', module: 'esnext', moduleResolution: 'bundler', strict: true, noEmit: true, skipLibCheck: true };
    const compilerOptions = { ...options, lib: ['es2023', 'dom', 'dom.iterable', 'dom.asynciterable'], types: [] };
    writeFileSync(join(consumer.folder, 'app.ts'), consumerCode);
    writeFileSync(join(consumer.folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['app.ts'] }));
    const output = run(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', consumer.folder]);
    expect(output).toBe('');
  }, 60_000);

  it('runs where there is no window, and says that nothing is installed', () => {
    const code = `const { getAI, requireAI } = await import('${clientName}');
      console.log(await getAI(), (await requireAI().catch((error) => error)).code);`;
    writeFileSync(join(consumer.folder, 'server.mjs'), code);
    expect(run(process.execPath, ['server.mjs'])).toBe('undefined not-installed\n');
  });

  it('depends on nothing, and holds no source and no test', () => {
    const manifest = JSON.parse(readFileSync(join(consumer.folder, 'node_modules', clientName, 'package.json'), 'utf8')) as object;
    expect(manifest).not.toHaveProperty('dependencies');
    expect(manifest).toMatchObject({ sideEffects: false, type: 'module', license: 'MIT' });
    const files = run('tar', ['-tzf', `${clientName}-${(manifest as { version: string }).version}.tgz`]);
    expect(files).toContain('package/README.md');
    expect(files).not.toMatch(/testing|\.test\.|[^d]\.ts$/m);
  });

  it.each(clientLimits)('adds no more than $limit bytes to a page that imports $imported', async ({ imported, limit }) => {
    const { gzipBytes } = await measureClient(join(consumer.folder, 'node_modules', clientName), imported);
    expect(gzipBytes).toBeGreaterThan(200);
    expect(gzipBytes).toBeLessThanOrEqual(limit);
  });

  /** What it printed, or what it complained about. */
  function run(command: string, args: string[]): string {
    try {
      return execFileSync(command, args, { cwd: consumer.folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
    } catch (error) {
      return String((error as { stdout?: string }).stdout) + String(error);
    }
  }
});
