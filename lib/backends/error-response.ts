import type { HttpResponse } from './backend.ts';

/** The text of an error answer, at most 64 KB of it and at most 5 seconds of waiting; a page of HTML is left unread. */
export async function readErrorResponse(response: HttpResponse): Promise<string> {
  if (!response.body) return '';
  const reader = response.body.getReader();
  const decoder = new TextDecoder();
  const late = setTimeout(() => void reader.cancel().catch(() => undefined), maxWaitMs);
  let text = '';
  try {
    while (text.length < maxLength) {
      const { done, value } = await reader.read();
      if (done) break;
      text += decoder.decode(value, { stream: true });
    }
  } catch {
    // The status alone has to do.
  } finally {
    clearTimeout(late);
    void reader.cancel().catch(() => undefined);
  }
  return text.slice(0, maxLength);
}

const maxLength = 64 * 1024;
const maxWaitMs = 5_000;
