import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import { createArming, type WindowState } from './arming.ts';

/** Follows this window; `check` looks again at the very moment of a click. */
export function useArming(): { isArmed: boolean; check(): boolean } {
  const isArmed = useSignal(false);
  const check = useMemo(() => {
    const observe = createArming();
    return () => {
      isArmed.value = observe(stateOf(), performance.now());
      return isArmed.value;
    };
  }, []);

  useEffect(() => {
    check();
    // Browsers report neither the move of a window nor, always, its first focus.
    const timer = setInterval(check, 50);
    const events = ['focus', 'blur', 'resize'] as const;
    for (const name of events) addEventListener(name, check);
    document.addEventListener('visibilitychange', check);
    return () => {
      clearInterval(timer);
      for (const name of events) removeEventListener(name, check);
      document.removeEventListener('visibilitychange', check);
    };
  }, []);

  return { isArmed: isArmed.value, check };
}

function stateOf(): WindowState {
  return {
    isFocused: document.hasFocus(),
    isVisible: document.visibilityState === 'visible',
    geometry: [screenX, screenY, outerWidth, outerHeight, innerWidth, innerHeight].join(),
  };
}
