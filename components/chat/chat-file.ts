import type { Chat, ChatTurn } from '../../lib/chats/chat.ts';
import { t } from '../text/t.ts';

/** A chat as a Markdown file, to keep or to hand on: who said what, and where an answer ended early. Pictures stay out. */
export function chatFile({ title, turns, createdAt }: Chat): { name: string; text: string } {
  const heading = title || t('chatUntitled');
  const parts = [`# ${heading}`, new Date(createdAt).toLocaleString(), ...turns.map(turnText)];
  // What no file system takes in a name.
  const name = heading.replace(/[\s\p{Cc}\\/:*?"<>|….]+/gu, ' ').trim() || 'chat';
  return { name: `${name}.md`, text: `${parts.join('\n\n')}\n` };
}

function turnText({ role, model, text, state, error, images = [] }: ChatTurn): string {
  const who = role === 'user' ? t('turnUser') : (model ?? t('turnAnswer'));
  return [
    `## ${who}`,
    ...images.map(() => `*[${t('image')}]*`),
    text,
    state === 'stopped' && `*${t('turnStopped')}*`,
    error && `*${error.message}*`,
  ]
    .filter(Boolean)
    .join('\n\n');
}
