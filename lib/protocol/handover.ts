/** A `MessageEvent` the relay dispatches on the window, with its port for the page script. Cancelled by who takes it. */
export const portEvent = 'switchboard:port';

/** A plain `Event` of a page script that starts: a relay gives its port, an older page script falls silent. */
export const helloEvent = 'switchboard:hello';

/** Why the relay lost the background, or would not ask it. */
export type LossCode = 'interrupted' | 'gone' | 'too-large';

/**
 * What the relay says for itself; everything else on the private port is text of the wire. The page's own counterpart
 * is any message that is not text: nothing waits for an answer now. `received`: messages of the page the loss covers.
 */
export type LossNotice = [code: LossCode, received: number];
