import type { Browser } from 'puppeteer';

/**
 * Evaluates in Firefox's own window, which `--remote-allow-system-access` opens to a driver: the only way to stop an
 * extension's background at a chosen moment. The result must be plain JSON.
 */
export async function evaluateInFirefox(browser: Browser, expression: string): Promise<unknown> {
  const { connection } = browser as unknown as { connection: BidiConnection };
  const tree = await connection.send('browsingContext.getTree', { 'moz:scope': 'chrome' });
  const context = (tree.result.contexts as { context: string }[])[0]?.context;
  const { result } = await connection.send('script.evaluate', {
    expression: `(async () => JSON.stringify(await (${expression})))()`,
    awaitPromise: true,
    target: { context },
  });
  if (result.type !== 'success') throw new Error(`Firefox could not evaluate ${expression}: ${JSON.stringify(result.exceptionDetails)}`);
  const { value } = result.result as { value?: string };
  return value === undefined ? undefined : JSON.parse(value);
}

interface BidiConnection {
  send(method: string, params: unknown): Promise<{ result: Record<string, unknown> }>;
}
