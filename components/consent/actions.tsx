import { useEffect, useRef } from 'preact/hooks';
import type { Decision } from '../../lib/protocol/access.ts';
import { t } from '../text/t.ts';
import { useArming } from './use-arming.ts';

interface Props {
  onDecide(decision: Decision): void;
}

/** The answers. No is the default and always at hand; yes only when the window has lain still before the user's eyes. */
export function Actions({ onDecide }: Props) {
  const deny = useRef<HTMLButtonElement>(null);
  const { isArmed, check } = useArming();
  useEffect(() => {
    deny.current?.focus();
    const onKey = (event: KeyboardEvent) => {
      // A key held down since before the window came must not press anything in it.
      if (event.repeat && (event.key === 'Enter' || event.key === ' ')) event.preventDefault();
      if (event.key === 'Escape' && !event.repeat) onDecide('deny');
    };
    addEventListener('keydown', onKey, true);
    return () => removeEventListener('keydown', onKey, true);
  }, []);

  const approve = (decision: Decision) => ({
    type: 'button' as const,
    'data-decision': decision,
    'aria-disabled': !isArmed,
    onClick: () => {
      if (check()) onDecide(decision);
    },
  });

  return (
    <footer class="acts">
      <button type="button" ref={deny} class="button" data-decision="deny" onClick={() => onDecide('deny')}>
        {t('notNow')}
      </button>
      <button class="button primary" {...approve('once')}>
        {t('allowOnce')}
      </button>
      <button class="button" {...approve('session')}>
        {t('allowSession')}
      </button>
      <button class="button" {...approve('always')}>
        {t('allowAlways')}
      </button>
      <button type="button" class="button plain danger" data-decision="block" onClick={() => onDecide('block')}>
        {t('neverHere')}
      </button>
    </footer>
  );
}
