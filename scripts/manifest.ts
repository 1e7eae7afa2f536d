import type { ConfigEnv, UserManifest } from 'wxt';

/** The manifest of both browsers; docs/permissions.md says why each permission is there. */
export function manifest({ browser }: ConfigEnv): UserManifest {
  const isFirefox = browser === 'firefox';
  return {
    name: '__MSG_appName__',
    short_name: 'Switchboard',
    description: '__MSG_appDescription__',
    default_locale: 'en',
    permissions: [
      'alarms',
      'idle',
      'storage',
      'unlimitedStorage',
      'declarativeNetRequestWithHostAccess',
      'identity',
      'scripting',
      ...(isFirefox ? [] : (['offscreen', 'sidePanel'] as const)),
    ],
    host_permissions: ['http://*/*', 'https://*/*'],
    content_scripts: [contentScript('page.js', 'MAIN'), contentScript('relay.js', 'ISOLATED')],
    content_security_policy: {
      // Chromium shows the developer panel in a frame of its DevTools, which is no page and no extension; Firefox does not.
      extension_pages: `script-src 'self' 'wasm-unsafe-eval'; object-src 'self'; frame-ancestors ${isFirefox ? "'none'" : 'devtools:'}`,
    },
    ...(isFirefox
      ? {
          browser_specific_settings: {
            gecko: {
              id: 'switchboard@switchboard.invalid',
              strict_min_version: '140.0',
              data_collection_permissions: { required: ['none'] },
            },
          },
        }
      : {
          minimum_chrome_version: '140',
          // Firefox takes what an administrator sets without a schema.
          storage: { managed_schema: 'managed-schema.json' },
          cross_origin_embedder_policy: { value: 'require-corp' },
          cross_origin_opener_policy: { value: 'same-origin' },
        }),
  };
}

/** Plain scripts and not WXT content scripts: WXT's wrapper alone is larger than the relay may be. */
function contentScript(file: string, world: 'MAIN' | 'ISOLATED') {
  return {
    matches: ['http://*/*', 'https://*/*'],
    js: [file],
    run_at: 'document_start' as const,
    all_frames: true,
    match_origin_as_fallback: true,
    world,
  };
}
