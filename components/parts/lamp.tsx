import type { ComponentChildren } from 'preact';

export type LampState = 'ok' | 'busy' | 'bad' | 'off';

/** A lamp and the word that says the same: colour alone never carries a state. */
export function Lamp({ state, children }: { state: LampState; children: ComponentChildren }) {
  return <span class={`lamp ${state}`}>{children}</span>;
}
