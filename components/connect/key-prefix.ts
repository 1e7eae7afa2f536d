import type { BackendId } from '../../lib/backends/backend.ts';

/** Whose key this is, by how it begins; undefined where keys of several services look alike. The user can overrule it. */
export function backendOfKey(key: string): BackendId | undefined {
  const trimmed = key.trim();
  return prefixes.find(([pattern]) => pattern.test(trimmed))?.[1];
}

/** A key where an address belongs: it must not become a name that is looked up. */
export function isKey(text: string): boolean {
  return backendOfKey(text) !== undefined && /^[\w.-]{20,}$/.test(text.trim());
}

/** The first that fits counts, so the more exact stand first. */
const prefixes: [RegExp, BackendId][] = [
  [/^sk-ant-/, 'claude'],
  [/^sk-or-/, 'openrouter'],
  [/^sk-(proj|svcacct|admin)-/, 'openai'],
  [/^sk-[0-9a-f]{32}$/, 'deepseek'],
  [/^sk-/, 'openai'],
  [/^pst-/, 'novelai'],
  [/^mcr-/, 'mancer'],
  [/^gsk_/, 'groq'],
  [/^xai-/, 'xai'],
  [/^AIza/, 'gemini'],
];
