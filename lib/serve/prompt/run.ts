import { SwitchboardError, toSwitchboardError } from '../../protocol/errors.ts';
import type { Message } from '../../protocol/message.ts';
import type { Part } from '../../protocol/part.ts';
import type { ChatRequest } from '../../protocol/request.ts';
import { estimateMessages } from '../../router/estimate.ts';
import type { Asked, Router } from '../../router/router.ts';
import type { CallContext } from '../method.ts';
import { hasBegun } from './append.ts';
import type { Wish } from './asking.ts';
import { canonical } from './canonical.ts';
import { type Checked, readHeld } from './constraint/held.ts';
import { hold } from './constraint/hold.ts';
import type { Judge } from './constraint/judge-in-frame.ts';
import { joinTurns } from './conversation.ts';
import { declaredTools } from './declared-tools.ts';
import { PromptFailure, tooMuch } from './failure.ts';
import { createHearing, type Hearing } from './hearing.ts';
import { makeRoom } from './make-room.ts';
import { measure } from './measure.ts';
import type { Piece } from './piece.ts';
import { type Constraint, type Memory, readTurn } from './read.ts';
import { samplingOf } from './sampling.ts';
import { beginningOf, tell } from './tell.ts';
import { askBegun } from './told-beginning.ts';
import { type AskEngine, askWithTools } from './told-tools.ts';

/**
 * Answers messages within a session: makes room, asks, holds the answer to its constraint, and tells what has become of
 * the session. However often the model is asked, it is one call to the router.
 */
export async function* run(router: Router, params: unknown, context: CallContext, judge: Judge): AsyncGenerator<Piece[]> {
  const { memory, messages, constraint } = readTurn(params);
  const { options, initial, turns, window } = memory;
  const asked = canonical(messages, { options, isLater: hasBegun(memory) });
  const held = constraint ? await heldTo(constraint, beginningOf(asked)) : undefined;
  const input = held && constraint?.isTold ? tell(asked, held.instruction) : asked;
  const first = canonical(initial, { options, isLater: false, isInitial: true });
  const history = turns.map((turn) => canonical(turn.messages, { options, isLater: true, isPast: true }));
  const tools = declaredTools(options);

  const needed = await weigh(router, memory, input, context);
  const room = makeRoom(memory, needed);
  const news: Piece[] = room.dropped > 0 ? [{ overflow: room.dropped, usage: room.usage }] : [];
  const hearing = createHearing(held === undefined);
  let failure: PromptFailure | undefined;

  const parts = router.chat(context.caller, request({ corrections: [] }), context.signal, undefined, answer);
  try {
    for await (const batch of parts) {
      const text = hearing.take(batch);
      const pieces = [...news.splice(0), ...(text === '' ? [] : [text])];
      if (pieces.length > 0) yield pieces;
    }
  } catch (thrown) {
    // What was dropped stays dropped.
    if (news.length > 0) yield news;
    throw failure ?? thrown;
  }
  if (hearing.end()?.reason === 'content-filter') throw new PromptFailure('NotReadableError', "The model's service refused the content.");
  yield [...news, ...conclude(await usageAfter())];

  /** The constraint, decided where the page runs. */
  async function heldTo(constraint: Constraint, beginning: string) {
    const held = readHeld(constraint, beginning);
    if (beginning !== '') {
      const { problem } = await judge({ constraint, beginning }, context);
      if (problem !== undefined) throw new PromptFailure('NotSupportedError', problem);
    }
    const check = async (answer: string): Promise<Checked> => {
      const { text, problem = '' } = await judge({ constraint, beginning, answer }, context);
      return text === undefined ? { problem } : { text };
    };
    return { ...held, check };
  }

  function request({ responseFormat, isWhole = false, corrections }: Wish): Asked<ChatRequest> {
    const isFromStart = isWhole || corrections.length > 0;
    const last = isFromStart ? [...input.filter((message) => !isBeginning(message)), ...corrections] : input;
    return {
      messages: joinTurns([first, ...history.slice(room.dropped), last]),
      ...(tools.length > 0 && { tools }),
      ...(responseFormat && { responseFormat }),
      ...samplingOf(options),
    };
  }

  async function* answer(engine: AskEngine): AsyncGenerator<Part[]> {
    try {
      const ask = (wish: Wish) => askFitting(engine, wish);
      yield* held ? hold(ask, held, constraint?.isLive === true) : ask({ corrections: [] });
    } catch (thrown) {
      if (!(thrown instanceof PromptFailure)) throw thrown;
      failure = thrown;
      throw new SwitchboardError('bad-response', 'The model gave no answer that can be used.');
    }
  }

  /** Counts differ, and some windows nobody knows: what the backend finds too long gets shorter. */
  async function* askFitting(engine: AskEngine, wish: Wish): AsyncGenerator<Part[]> {
    for (let hasAnswered = false; ; ) {
      try {
        for await (const batch of askWithTools((asked) => askBegun(engine, asked), request(wish))) {
          hasAnswered = true;
          yield batch;
        }
        return;
      } catch (thrown) {
        if (hasAnswered || toSwitchboardError(thrown).code !== 'context-length') throw thrown;
        const oldest = turns[room.dropped];
        if (!oldest) throw tooMuch(room.usage + needed, window ?? undefined);
        room.dropped += 1;
        room.usage = Math.max(0, room.usage - oldest.tokens);
        news.push({ overflow: 1, usage: room.usage });
      }
    }
  }

  /** What the backend says it took, where that is the whole conversation and nothing else. */
  async function usageAfter(): Promise<number> {
    const usage = hearing.end()?.usage;
    if (usage && !usage.estimated && !held) return usage.inputTokens + usage.outputTokens - (usage.reasoningTokens ?? 0);
    // What the model was told beside is not remembered.
    return room.usage + (await measure(router, [...asked, answerOf(hearing)], context));
  }

  /** The end, and before it what this answer has pushed out of the context. */
  function conclude(usage: number): Piece[] {
    const [more, called] = [hearing.more(), hearing.calls()];
    const end = { ...(more.length > 0 && { more }), ...(called.length > 0 && { called }) };
    const tokens = Math.max(1, usage - room.usage);
    if (window === null || usage <= window) return [{ ...end, tokens, usage }];
    const left = turns.slice(room.dropped);
    let dropped = 0;
    let kept = usage;
    for (const turn of left) {
      if (kept <= window) break;
      kept = Math.max(0, kept - turn.tokens);
      dropped += 1;
    }
    const fits = kept <= window;
    const before = Math.max(0, kept - tokens);
    return [
      { overflow: dropped, usage: before },
      { ...end, tokens: fits ? tokens : 0, usage: fits ? kept : before },
    ];
  }
}

/** Counted only where it is close: counting may be a request of its own. */
async function weigh(router: Router, { usage, window }: Memory, input: Message[], context: CallContext): Promise<number> {
  const estimate = estimateMessages(input);
  return window === null || usage + 2 * estimate + 500 < window ? estimate : await measure(router, input, context);
}

function isBeginning(message: Message): boolean {
  return message.role === 'assistant' && message.prefix === true;
}

function answerOf(hearing: Hearing): Message {
  return { role: 'assistant', content: [{ type: 'text', text: hearing.text() }, ...hearing.more()] };
}
