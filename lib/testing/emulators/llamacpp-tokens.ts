import type { JsonObject } from '../../protocol/json.ts';
import type { Exchange } from '../kit/exchange.ts';
import { listOf, messageText } from '../openai-shape/ask.ts';
import { tokenise } from '../tokens.ts';

/** POST /detokenize */
export function detokenizeRoute(exchange: Exchange): void {
  const ids = Array.isArray(exchange.body.tokens) ? exchange.body.tokens.map(Number) : [];
  exchange.json(200, { content: ids.map((id) => pieces.get(id) ?? '').join('') });
}

/** Token ids that were handed out, so that they can be turned back. */
const pieces = new Map<number, string>();

/** POST /tokenize */
export function tokenizeRoute(exchange: Exchange): void {
  const found = tokenise(String(exchange.body.content ?? ''));
  const tokens = found.map((piece) => {
    const id = [...Buffer.from(piece, 'utf8')].reduce((sum, byte) => (sum * 31 + byte) % 128_000, 7);
    pieces.set(id, piece);
    return { id, piece };
  });
  const withStart = exchange.body.add_special === true ? [{ id: 1, piece: '' }, ...tokens] : tokens;
  exchange.json(200, { tokens: exchange.body.with_pieces === true ? withStart : withStart.map((token) => token.id) });
}

/** The conversation as the model reads it. */
export function applyTemplate(body: JsonObject): string {
  const turns = listOf(body.messages).map((message) => `<|im_start|>${String(message.role)}\n${messageText(message)}<|im_end|>\n`);
  return `${turns.join('')}<|im_start|>assistant\n`;
}
