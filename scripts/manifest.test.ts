import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { browserNames } from './browsers.ts';
import { extensionFolder, root, targets } from './extension-folder.ts';
import { manifest } from './manifest.ts';

const documentation = readFileSync(resolve(root, 'docs/permissions.md'), 'utf8');

describe.each(browserNames)('the manifest for %s', (name) => {
  const made = manifest({ browser: targets[name], mode: 'production', command: 'build', manifestVersion: 3 });
  const permissions = made.permissions ?? [];

  it('asks for these permissions and no others', () => {
    const shared = ['alarms', 'declarativeNetRequestWithHostAccess', 'identity', 'idle', 'scripting', 'storage', 'unlimitedStorage'];
    expect([...permissions].sort()).toEqual(name === 'chromium' ? [...shared, 'offscreen', 'sidePanel'].sort() : shared);
    expect(made.host_permissions).toEqual(['http://*/*', 'https://*/*']);
    expect(made).not.toHaveProperty('optional_permissions');
    expect(made).not.toHaveProperty('optional_host_permissions');
  });

  it('has the reason for each of them in docs/permissions.md', () => {
    const asked = [...permissions, ...(made.host_permissions ?? [])].map(String);
    expect(asked.filter((permission) => !documentation.includes(`\`${permission}\``))).toEqual([]);
  });

  it('lets extension pages run their own scripts and WebAssembly only, and no page frame them', () => {
    expect(made.content_security_policy).toEqual({
      extension_pages: `script-src 'self' 'wasm-unsafe-eval'; object-src 'self'; frame-ancestors ${name === 'chromium' ? 'devtools:' : "'none'"}`,
    });
  });

  it('gives web pages no door but the content scripts', () => {
    expect(made).not.toHaveProperty('externally_connectable');
    expect(made).not.toHaveProperty('web_accessible_resources');
    expect(made.content_scripts?.map(({ js, world, run_at, all_frames, matches }) => ({ js, world, run_at, all_frames, matches }))).toEqual(
      [
        { js: ['page.js'], world: 'MAIN', run_at: 'document_start', all_frames: true, matches: ['http://*/*', 'https://*/*'] },
        { js: ['relay.js'], world: 'ISOLATED', run_at: 'document_start', all_frames: true, matches: ['http://*/*', 'https://*/*'] },
      ],
    );
  });

  it('sets the oldest browser it runs on', () => {
    if (name === 'chromium') expect(made.minimum_chrome_version).toBe('140');
    else
      expect(made.browser_specific_settings?.gecko).toMatchObject({
        strict_min_version: '140.0',
        data_collection_permissions: { required: ['none'] },
      });
  });

  it.skipIf(!existsSync(extensionFolder(name)))('stays so when built, with the pages where they belong', () => {
    const built = JSON.parse(readFileSync(join(extensionFolder(name), 'manifest.json'), 'utf8'));
    expect([...built.permissions].sort()).toEqual([...permissions].sort());
    expect(built.host_permissions).toEqual(made.host_permissions);
    expect(built.content_security_policy).toEqual(made.content_security_policy);
    expect(built).not.toHaveProperty('externally_connectable');
    expect(built).not.toHaveProperty('web_accessible_resources');
    expect(built.content_scripts).toHaveLength(2);
    expect(built.options_ui).toEqual({ open_in_tab: true, page: 'options.html' });
    expect(built.action.default_popup).toBe('popup.html');
    const icons = Object.values<string>(built.icons ?? {});
    expect(icons.length).toBeGreaterThan(0);
    expect(icons.filter((icon) => !existsSync(join(extensionFolder(name), icon)))).toEqual([]);
  });
});
