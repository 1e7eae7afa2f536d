import { CopyButton } from '../parts/copy-button.tsx';
import { t } from '../text/t.ts';

/** A value as JSON, to read and to copy. The bytes of images are cut to look at, and copied whole. */
export function JsonBlock({ title, value, isOpen = false }: { title: string; value: unknown; isOpen?: boolean }) {
  return (
    <details class="json" open={isOpen}>
      <summary>{title}</summary>
      <div class="with-copy">
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls */}
        <pre tabIndex={0}>{toText(value, true)}</pre>
        <CopyButton text={() => toText(value, false)} label={t('callsCopy')} />
      </div>
    </details>
  );
}

const longest = 400;

function toText(value: unknown, isCut: boolean): string {
  const parsed = isCut ? unpacked(value) : value;
  return JSON.stringify(parsed, (_, each) => (isCut && isLong(each) ? `${each.slice(0, longest)}… (${each.length})` : each), 2);
}

/** Prompts are for reading; what is one long word is bytes. */
function isLong(value: unknown): value is string {
  return typeof value === 'string' && value.length > 2 * longest && !/\s/.test(value.slice(0, longest));
}

/** `ai.fetch` sends its body as text: JSON within JSON is hard to read. */
function unpacked(value: unknown): unknown {
  const { body } = (value ?? {}) as { body?: unknown };
  if (typeof body !== 'string') return value;
  try {
    return { ...(value as object), body: JSON.parse(body) };
  } catch {
    return value;
  }
}
