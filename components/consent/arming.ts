/** What matters of the window before the user's click may count. */
export interface WindowState {
  isFocused: boolean;
  isVisible: boolean;
  /** Place and size, in any form that changes with them. */
  geometry: string;
}

/** Milliseconds a window must have lain still before the user's eyes: longer than the second half of a double click. */
const calmMs = 500;

/**
 * Whether approving is possible yet. A window that appears, moves or comes to the front under a finger that is already
 * clicking approves nothing: each such change starts the half second anew. Call it on every change, and before a click
 * counts; `now` is in milliseconds of a clock that does not jump.
 */
export function createArming(): (state: WindowState, now: number) => boolean {
  let calmSince: number | undefined;
  let lastGeometry: string | undefined;

  return ({ isFocused, isVisible, geometry }, now) => {
    if (!isFocused || !isVisible) calmSince = undefined;
    else if (calmSince === undefined || geometry !== lastGeometry) calmSince = now;
    lastGeometry = geometry;
    return calmSince !== undefined && now - calmSince >= calmMs;
  };
}
