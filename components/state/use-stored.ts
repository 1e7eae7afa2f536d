import { useEffect, useMemo } from 'preact/hooks';
import { stored } from './stored.ts';

/** `stored` for what depends on a prop, such as the usage of one site: a new `key` starts anew, unmounting stops. */
export function useStored<Value>(load: () => Promise<Value>, watch: (onChange: () => void) => () => void, key: string): Value | undefined {
  const item = useMemo(() => stored(load, watch), [key]);
  useEffect(() => item.stop, [item]);
  return item.value.value;
}
