/**
 * Takes secrets out of text that came from a server: the known ones wherever they stand, and anything that looks like a
 * key, because services echo what they were sent ("Incorrect API key provided: …").
 */
export function scrub(text: string, secrets: string[]): string {
  let result = text;
  for (const secret of secrets) {
    for (const form of new Set([secret, encodeURIComponent(secret)])) {
      if (form.length >= shortestSecret) result = result.replaceAll(form, hidden);
    }
  }
  return result.replace(/\b(bearer|basic)\s+[^\s"',]{6,}/gi, `$1 ${hidden}`).replace(/\b[a-z]{2,4}[-_][\w*•.-]{12,}/gi, hideKey);
}

const hidden = '[hidden]';

/** Shorter ones are replaced by nothing: they would take ordinary words apart. */
const shortestSecret = 4;

/** Model names look like keys at first sight; a key has a run of ten letters and digits, both kinds, or is masked by stars. */
function hideKey(word: string): string {
  const isKey = word.includes('**') || word.split(/[-_.]/).some((run) => run.length >= 10 && /\d/.test(run) && /[a-z]/i.test(run));
  return isKey ? hidden : word;
}
