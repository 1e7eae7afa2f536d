import type { PageModel } from '../../protocol/model.ts';

/** Names that Window AI had given up before it ended, and what they became. */
const renamed: Record<string, string> = {
  'openai/gpt3.5': 'openai/gpt-3.5-turbo',
  'openai/gpt4': 'openai/gpt-4',
  'together/gpt-neoxt-20B': 'togethercomputer/GPT-NeoXT-Chat-Base-20B',
  'cohere/xlarge': 'cohere/command-nightly',
};

/**
 * The granted model that a page of those days means: by its id, by its id at the service (`openai/gpt-4` at OpenAI is
 * `gpt-4`), or by what the name became. What the user does not have, and most of those models are gone, is answered by
 * the user's default, as it was then.
 */
export function legacyModel(name: string | undefined, granted: PageModel[]): string {
  if (name === undefined) return 'default';
  const current = renamed[name] ?? name;
  const names = [name, current, current.slice(current.indexOf('/') + 1)];
  const isMeant = (wanted: string) => granted.some(({ id }) => id === wanted || id.endsWith(`/${wanted}`));
  const found = names.find(isMeant);
  return granted.find(({ id }) => id === found || id.endsWith(`/${found}`))?.id ?? 'default';
}
