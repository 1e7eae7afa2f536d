import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Browser, detectBrowserPlatform, getDownloadUrl, getInstalledBrowsers } from '@puppeteer/browsers';
import { knownPaths } from './browser-paths.ts';
import { installDebianPackage } from './debian.ts';

export type BrowserName = 'chromium' | 'firefox';
export const browserNames: readonly BrowserName[] = ['chromium', 'firefox'];

export interface FoundBrowser {
  name: BrowserName;
  executablePath: string;
  /** As the browser says it, for example `Chromium 156.0.8078.79`. */
  version: string;
}

/** Oldest major version the extension runs on; the manifest says the same. */
const oldest = 140;
const downloadFolder = resolve(import.meta.dirname, '../.browsers');
const puppeteerCli = resolve(import.meta.dirname, '../node_modules/puppeteer/lib/puppeteer/node/cli.js');
const environmentName = { chromium: 'SWITCHBOARD_CHROMIUM', firefox: 'SWITCHBOARD_FIREFOX' } as const;
const product = { chromium: Browser.CHROME, firefox: Browser.FIREFOX } as const;

/** A browser that is on this machine and starts, or undefined. A path given in the environment is the only one tried. */
export async function findBrowser(name: BrowserName, say: (line: string) => void = () => {}): Promise<FoundBrowser | undefined> {
  const asked = process.env[environmentName[name]];
  const paths = asked ? [asked] : [...knownPaths(name), ...(await downloadedPaths(name))];
  for (const executablePath of paths.filter((path) => existsSync(path))) {
    const looked = look(name, executablePath);
    if ('version' in looked) return { name, executablePath, version: looked.version };
    say(`${executablePath} is no use: ${looked.problem}`);
  }
  if (asked) throw new Error(`${environmentName[name]} is ${asked}, and there is no usable ${name} there. Correct it, or unset it.`);
  return undefined;
}

/**
 * A browser that starts: an installed one, else Puppeteer's download, else the Debian package. Each step has a time
 * limit and hands over to the next; `say` hears what was done. Throws with every step's outcome when none worked.
 */
export async function ensureBrowser(name: BrowserName, say: (line: string) => void = console.log): Promise<FoundBrowser> {
  const tried: string[] = [];
  const note = (line: string) => {
    if (tried.includes(line)) return;
    tried.push(line);
    say(line);
  };
  const installed = await findBrowser(name, note);
  if (installed) return installed;
  for (const install of [download, installDebianPackage]) {
    note(await install(name, say));
    const found = await findBrowser(name, note);
    if (found) return found;
  }
  throw new Error(
    `There is no ${name} to run.\n${tried.map((line) => `- ${line}`).join('\n')}\nInstall ${name} ${oldest} or newer, or name one in ${environmentName[name]}.`,
  );
}

async function downloadedPaths(name: BrowserName): Promise<string[]> {
  const folders = [downloadFolder, process.env.PUPPETEER_CACHE_DIR ?? join(homedir(), '.cache', 'puppeteer')];
  const found = await Promise.all(folders.map((cacheDir) => getInstalledBrowsers({ cacheDir }).catch(() => [])));
  return found
    .flat()
    .filter((browser) => browser.browser === product[name])
    .map((browser) => browser.executablePath);
}

function look(name: BrowserName, executablePath: string): { version: string } | { problem: string } {
  // On Windows `--version` opens a window instead of answering.
  if (process.platform === 'win32') return { version: name };
  const { stdout, stderr, error } = spawnSync(executablePath, ['--version'], { encoding: 'utf8', timeout: 30_000 });
  const version = /(?:Chrom|Firefox).*?(\d+)\.[\d.]+/.exec(stdout ?? '');
  if (!version) return { problem: error?.message ?? lastLine(stderr) ?? 'it does not say its version.' };
  if (Number(version[1]) < oldest) return { problem: `it is ${version[0]}, and Switchboard needs ${oldest} or newer.` };
  return { version: stdout.trim() };
}

/** In a process of its own, so that a download that hangs can be given up. The version is the one Puppeteer was made for. */
async function download(name: BrowserName, say: (line: string) => void): Promise<string> {
  const platform = detectBrowserPlatform();
  if (!platform) return `There is no download of ${name} for this kind of machine.`;
  const { host, origin } = getDownloadUrl(product[name], platform, 'any');
  if (!(await answers(origin))) return `Not downloaded: ${host} does not answer.`;
  say(`Downloading ${name} from ${host} into .browsers/ …`);
  const { status, stderr } = spawnSync(process.execPath, [puppeteerCli, 'browsers', 'install', product[name], '--path', downloadFolder], {
    encoding: 'utf8',
    timeout: 240_000,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  return status === 0 ? `Downloaded ${name}.` : `The download of ${name} failed: ${lastLine(stderr) ?? 'it took too long.'}`;
}

async function answers(origin: string): Promise<boolean> {
  return fetch(origin, { method: 'HEAD', signal: AbortSignal.timeout(10_000) }).then(
    () => true,
    () => false,
  );
}

function lastLine(text: string | null | undefined): string | undefined {
  return text?.trim().split('\n').at(-1) || undefined;
}

if (import.meta.main) {
  for (const name of browserNames) {
    const found = await ensureBrowser(name);
    console.log(`${found.version}: ${found.executablePath}`);
  }
}
