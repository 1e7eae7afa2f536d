/**
 * Enter sends; with Shift it begins a new line. While an input method composes (Chinese, Japanese, Korean) Enter
 * belongs to it: Chromium says so by `isComposing`, Safari-like key codes by 229.
 */
export function isSendKey(event: Pick<KeyboardEvent, 'key' | 'shiftKey' | 'ctrlKey' | 'altKey' | 'isComposing' | 'keyCode'>): boolean {
  return event.key === 'Enter' && !event.shiftKey && !event.altKey && !event.isComposing && event.keyCode !== 229;
}
