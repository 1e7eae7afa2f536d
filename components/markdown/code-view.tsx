import { TriangleAlert } from 'lucide-preact';
import { CopyButton } from '../parts/copy-button.tsx';
import { t } from '../text/t.ts';

interface Props {
  language: string;
  /** Runs of whole lines, and what comes after them; see CodeBlock. */
  pieces: string[];
  rest: string;
}

/** A listing with its language, a copy button that copies it exactly, and a warning where it holds what nobody can see. */
export function CodeView({ language, pieces, rest }: Props) {
  const text = () => [...pieces, rest].join('\n').replace(/\n$/, '');
  const isSuspicious = isInvisible(rest) || pieces.some(isInvisible);
  return (
    <figure class="code">
      <figcaption class="row">
        <small class="grow cut">{language}</small>
        {isSuspicious && (
          <small class="row bad">
            <TriangleAlert size={14} />
            {t('codeInvisible')}
          </small>
        )}
        <CopyButton text={text} label={t('copyCode')} />
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a long line scrolls by itself, so the keyboard must reach it */}
      <pre dir="ltr" tabIndex={0}>
        <code>
          {pieces.map((piece) => (
            <span>{piece}</span>
          ))}
          {rest && <span>{rest}</span>}
        </code>
      </pre>
    </figure>
  );
}

/** Characters that reorder or hide text, and terminal escapes. */
function isInvisible(text: string): boolean {
  return text.includes('\u001b') || /\p{Cf}/u.test(text);
}
