/** A `MessageEvent` the relay dispatches on the window, with its port for the page script. Cancelled by who takes it. */
export const portEvent = 'switchboard:port';

/** A plain `Event` of a page script that starts: a relay gives its port, an older page script falls silent. */
export const helloEvent = 'switchboard:hello';

/** Why the relay lost the background, or would not ask it. */
export type LossCode = 'interrupted' | 'gone' | 'too-large';

/** What the relay says when it lost something. `received`: how many texts of the page the loss covers. */
export type LossNotice = [code: LossCode, received: number];

/**
 * What is no text on the private port is a number. From the page script: 0, nothing waits for an answer now; any other,
 * so many texts were posted so far, did they arrive? The relay says that number back, or tells a loss.
 */
export const idleSignal = 0;
