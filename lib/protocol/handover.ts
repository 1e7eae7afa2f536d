/** A `MessageEvent` the relay dispatches on the window, with its port for the page script. Cancelled by who takes it. */
export const portEvent = 'switchboard:port';

/** A plain `Event` of a page script that starts: a relay gives its port, an older page script falls silent. */
export const helloEvent = 'switchboard:hello';

/** Why the relay lost the background, or would not ask it. */
export type LossCode = 'interrupted' | 'gone' | 'too-large';

/** What the relay says for itself: anything but text of the wire. `received`: messages of the page the loss covers. */
export type LossNotice = [code: LossCode, received: number];

/** The page script to the relay: nothing waits for an answer now. */
export const idleSignal = 0;

/** The page script to the relay, which says it back: are you there? */
export const probeSignal = 1;
