import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { startLlamaCpp } from '../lib/testing/emulators/llamacpp.ts';
import { root } from '../scripts/extension-folder.ts';
import { browsers } from './harness.ts';

const run = promisify(execFile);

describe.each(browsers)('npm start without a display, in %s', (name) => {
  it('prints the question, Pocket’s answer and the figures', { timeout: 120_000 }, async () => {
    const { stdout } = await start('--browser', name);
    expect(stdout).toMatch(/Question {2}Who are you\?/);
    expect(stdout).toMatch(/Answer .*Pocket/);
    expect(stdout).toMatch(/First token {2}\d+ ms\nSpeed {8}[\d.]+ tok\/s\nTokens {7}\d+/);
  });

  it('uses the server it is given, or says what is wrong and exits 1', { timeout: 120_000 }, async () => {
    const server = await startLlamaCpp({ scenario: { tokens: ['From ', 'the ', 'server.'] } });
    const { stdout } = await start('--browser', name, '--backend', server.url, '--prompt', 'Who is there?').finally(() => server.close());
    expect(stdout).toMatch(/Question {2}Who is there\?/);
    expect(stdout).toContain('From the server.');
    const failed = await start('--browser', name, '--backend', server.url).catch((error) => error as { code: number; stderr: string });
    expect(failed).toMatchObject({ code: 1, stderr: expect.stringContaining(server.url.replace('http://', '')) });
  });
});

function start(...options: string[]): Promise<{ stdout: string; stderr: string }> {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...env } = process.env;
  return run(process.execPath, ['scripts/start.ts', '--headless', ...options], { cwd: root, env });
}
