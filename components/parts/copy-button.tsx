import { useSignal } from '@preact/signals';
import { Check, Copy } from 'lucide-preact';
import { t } from '../text/t.ts';

interface Props {
  /** Read when it is clicked: a streamed text is longer by then. */
  text(): string;
  label: string;
}

/** Copies a text and says so for a moment. */
export function CopyButton({ text, label }: Props) {
  const isCopied = useSignal(false);
  const copy = async () => {
    await navigator.clipboard.writeText(text());
    isCopied.value = true;
    setTimeout(() => (isCopied.value = false), 2000);
  };
  return (
    <button type="button" class="button plain small" onClick={copy} aria-label={isCopied.value ? t('copied') : label} title={label}>
      {isCopied.value ? <Check size={15} /> : <Copy size={15} />}
      {isCopied.value && <span aria-hidden="true">{t('copied')}</span>}
    </button>
  );
}
