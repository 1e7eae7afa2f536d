/**
 * A `FocusEvent` the relay dispatches on the window. Its `relatedTarget` is an `EventTarget` of their own, on which both
 * dispatch events that nobody else hears. Cancelled by who takes it.
 */
export const portEvent = 'switchboard:port';

/** A plain `Event` of a page script that starts: a relay gives its target, an older page script falls silent. */
export const helloEvent = 'switchboard:hello';

/** `MessageEvent`s with text on the target of their own. The relay cancels what it hears, so silence means that it is gone. */
export const fromPage = 'call';
export const fromRelay = 'reply';

/** Why the relay lost the background, or would not ask it. */
export type LossCode = 'interrupted' | 'gone' | 'too-large';

/** What the relay says when it lost something, as JSON: of its texts these alone are lists. `received`: how many texts of the page the loss covers. */
export type LossNotice = [code: LossCode, received: number];

/** What the page script says beside JSON: nothing waits for an answer now; and, is anybody there? */
export const idleSignal = 'idle';
export const probeSignal = 'probe';
