import type { ChatTurn } from '../../lib/chats/chat.ts';
import { duration, money, speed } from '../text/format.ts';
import { plural } from '../text/plural.ts';
import { t } from '../text/t.ts';

/** What an answer took, in small grey text. `free` is said only of a model that costs nobody money: one of the user's own. */
export function Figures({ turn, isOwn }: { turn: ChatTurn; isOwn: boolean }) {
  const { usage, firstTokenMs, durationMs, costMicroUsd } = turn;
  const parts = [
    usage && durationMs !== undefined && speed(usage.outputTokens, durationMs - (firstTokenMs ?? 0)),
    usage && plural('tokens', usage.outputTokens),
    firstTokenMs !== undefined && t('figureFirst', { time: duration(firstTokenMs) }),
    costMicroUsd ? money(costMicroUsd) : isOwn && t('free'),
  ];
  return <small>{parts.filter(Boolean).join(' · ')}</small>;
}
