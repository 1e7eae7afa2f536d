/** The browsers' `FocusEvent`, as far as handing over a target needs it (lib/protocol/handover.ts): Node has none. */
class FocusEvent extends Event {
  readonly #relatedTarget: EventTarget | null;

  constructor(type: string, { relatedTarget = null, ...more }: FocusEventInit = {}) {
    super(type, more);
    this.#relatedTarget = relatedTarget;
  }

  get relatedTarget(): EventTarget | null {
    return this.#relatedTarget;
  }
}

Object.assign(globalThis, { FocusEvent });
