import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** What the background says, asked again whenever `key` changes; nothing while there is no key, or where it fails. */
export function useAsked<Answer>(key: string | undefined, ask: (signal: AbortSignal) => Promise<Answer>): Answer | undefined {
  const answer = useSignal<{ key: string; value: Answer } | undefined>(undefined);
  useEffect(() => {
    if (key === undefined) return;
    const controller = new AbortController();
    ask(controller.signal).then(
      (value) => (answer.value = { key, value }),
      () => {},
    );
    return () => controller.abort();
  }, [key]);
  return answer.value?.key === key ? answer.value?.value : undefined;
}
