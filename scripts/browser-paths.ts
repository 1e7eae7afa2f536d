import { homedir } from 'node:os';
import { join } from 'node:path';
import type { BrowserName } from './browsers.ts';

/** Where a browser is usually installed on this kind of machine, the unbranded one first. */
export function knownPaths(name: BrowserName): string[] {
  if (process.platform === 'darwin')
    return macPaths[name].flatMap((path) => [join('/Applications', path), join(homedir(), 'Applications', path)]);
  if (process.platform === 'win32') return windowsFolders().flatMap((folder) => windowsPaths[name].map((path) => join(folder, path)));
  return linuxPaths[name];
}

const linuxPaths: Record<BrowserName, string[]> = {
  chromium: [
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/lib/chromium/chromium',
    '/usr/bin/google-chrome',
    '/usr/bin/google-chrome-stable',
    '/opt/google/chrome/chrome',
    '/snap/bin/chromium',
  ],
  firefox: ['/usr/bin/firefox', '/usr/bin/firefox-esr', '/usr/lib/firefox/firefox', '/opt/firefox/firefox', '/snap/bin/firefox'],
};

const macPaths: Record<BrowserName, string[]> = {
  chromium: [
    'Chromium.app/Contents/MacOS/Chromium',
    'Google Chrome for Testing.app/Contents/MacOS/Google Chrome for Testing',
    'Google Chrome.app/Contents/MacOS/Google Chrome',
  ],
  firefox: ['Firefox.app/Contents/MacOS/firefox', 'Firefox Developer Edition.app/Contents/MacOS/firefox'],
};

const windowsPaths: Record<BrowserName, string[]> = {
  chromium: ['Chromium/Application/chrome.exe', 'Google/Chrome/Application/chrome.exe'],
  firefox: ['Mozilla Firefox/firefox.exe', 'Firefox Developer Edition/firefox.exe'],
};

function windowsFolders(): string[] {
  return [process.env.PROGRAMFILES, process.env['PROGRAMFILES(X86)'], process.env.LOCALAPPDATA].filter((folder) => folder !== undefined);
}
