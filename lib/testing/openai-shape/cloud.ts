import { hasBearer } from '../kit/credentials.ts';
import { asObject, type Exchange } from '../kit/exchange.ts';
import type { CannedReply } from '../kit/raw-reply.ts';
import type { Failure } from '../kit/scenario.ts';
import { type Emulator, type EmulatorOptions, type Handler, startEmulator } from '../kit/start-emulator.ts';
import { answerChat } from './answer-chat.ts';
import type { Dialect } from './dialect.ts';
import { eventFrame } from './frames.ts';

/** A company that speaks like OpenAI: one list, one chat route, one key, and its own ways. */
export interface Cloud {
  /** Path in front of `/chat/completions`. */
  base: string;
  models: string[];
  /** Models that answer without being in the list: a company has more than an emulator lists. */
  unlisted?: string[];
  /** The body of its list. */
  list: unknown;
  dialect: Omit<Dialect, 'errorEvent'>;
  /** What it refuses in a body. */
  complaint?(exchange: Exchange): CannedReply | undefined;
  /** The request as it is answered. */
  adapt?(exchange: Exchange): Exchange;
  failure(failure: Failure, exchange: Exchange): CannedReply;
  /** More of its routes. */
  routes?: Record<string, Handler>;
  answers?(checked: (run: Handler) => Handler, dialect: Dialect): Record<string, Handler>;
}

/** Starts an emulator of that company. */
export function startCloud(cloud: Cloud, options: EmulatorOptions): Promise<Emulator> {
  const dialect: Dialect = {
    ...cloud.dialect,
    errorEvent: (failure, exchange) => eventFrame(asObject(exchange.failure(failure).body)),
  };
  const checked =
    (run: Handler): Handler =>
    (exchange) => {
      if (![...cloud.models, ...(cloud.unlisted ?? [])].includes(exchange.model)) return exchange.fail('model-not-found');
      const complaint = cloud.complaint?.(exchange);
      if (!complaint) return run(cloud.adapt?.(exchange) ?? exchange);
      return typeof complaint.body === 'string'
        ? exchange.text(complaint.status, complaint.body)
        : exchange.json(complaint.status, complaint.body);
    };
  return startEmulator(
    {
      gate(exchange) {
        if (hasBearer(exchange, options.apiKey)) return false;
        exchange.fail('unauthorized');
        return true;
      },
      routes: { [`GET ${cloud.base}/models`]: (exchange) => exchange.json(200, cloud.list), ...cloud.routes },
      answers: {
        [`POST ${cloud.base}/chat/completions`]: checked((exchange) => answerChat(exchange, dialect)),
        ...cloud.answers?.(checked, dialect),
      },
      unknown: (exchange) => exchange.json(404, { error: { message: 'Not Found', type: 'invalid_request_error' } }),
      failure: cloud.failure,
    },
    options,
  );
}
