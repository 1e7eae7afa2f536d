import type { ActivityEntry } from '../../lib/usage/activity.ts';
import { textsOf } from '../../lib/usage/history.ts';
import { activityKey } from '../../lib/usage/rows.ts';
import type { CallText } from '../../lib/usage/texts.ts';

const columns = [
  'time',
  'site',
  'page',
  'connection',
  'backend',
  'model',
  'inputTokens',
  'outputTokens',
  'isEstimated',
  'costUsd',
  'durationMs',
  'firstTokenMs',
  'outcome',
  'limit',
  'times',
] as const;

/** As spreadsheets read it: RFC 4180, with a mark of its encoding. */
export function toCsv(entries: readonly ActivityEntry[], connectionName: (id: string) => string): string {
  const lines = entries.map((entry) => {
    const { usage } = entry;
    return [
      new Date(entry.startedAt).toISOString(),
      entry.origin,
      entry.topOrigin ?? '',
      connectionName(entry.connectionId),
      entry.backend,
      entry.model,
      usage?.inputTokens ?? '',
      usage?.outputTokens ?? '',
      usage ? String(usage.estimated === true) : '',
      entry.costMicroUsd === undefined ? '' : entry.costMicroUsd / 1_000_000,
      entry.durationMs,
      entry.firstTokenMs ?? '',
      entry.outcome,
      entry.limit ?? '',
      entry.times ?? 1,
    ];
  });
  return `\uFEFF${[columns, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`;
}

/** With the words, where they were kept. */
export async function toJson(entries: readonly ActivityEntry[]): Promise<string> {
  const texts = new Map<string, CallText>();
  for await (const batch of textsOf(entries)) for (const [key, text] of batch) texts.set(key, text);
  return JSON.stringify(
    entries.map(({ hasText: _, ...entry }) => ({ ...entry, ...texts.get(activityKey(entry)) })),
    undefined,
    2,
  );
}

/** Names of models come from servers: what a spreadsheet would take for a formula is made plain text. */
function cell(value: string | number): string {
  const text = typeof value === 'string' && /^[=+\-@\t\r]/.test(value) ? `'${value}` : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
