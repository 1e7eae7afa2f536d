import { createHash } from 'node:crypto';
import type { Exchange } from '../kit/exchange.ts';
import type { Handler } from '../kit/start-emulator.ts';

/** OAuth with PKCE as OpenRouter has it: a page that agrees at once, and keys for codes, once each. */
export function createSignIns(key: string): { page: Handler; keys: Handler } {
  /** Challenges by the code that answers them. */
  const waiting = new Map<string, string>();
  return {
    page(exchange) {
      const query = new URLSearchParams(exchange.request.query);
      const challenge = query.get('code_challenge');
      const callback = query.get('callback_url');
      if (challenge === null || query.get('code_challenge_method') !== 'S256')
        return refuse(exchange, 400, 'Invalid code_challenge_method');
      const code = `auth_code_${waiting.size + 1}`;
      waiting.set(code, challenge);
      if (callback === null) return exchange.text(200, `<title>Code</title><code>${code}</code>`, { 'content-type': 'text/html' });
      const target = new URL(callback);
      target.searchParams.set('code', code);
      exchange.text(302, '', { location: target.href });
    },
    keys(exchange) {
      const { code, code_verifier: verifier, code_challenge_method: method } = exchange.body;
      if (method !== 'S256') return refuse(exchange, 400, 'Invalid code_challenge_method');
      const challenge = waiting.get(String(code));
      waiting.delete(String(code));
      const answer = createHash('sha256').update(String(verifier)).digest('base64url');
      if (challenge === undefined || challenge !== answer) return refuse(exchange, 403, 'Invalid code or code_verifier');
      exchange.json(200, { key, user_id: 'user_1' });
    },
  };
}

function refuse(exchange: Exchange, status: number, message: string): void {
  exchange.json(status, { error: { code: status, message } });
}
