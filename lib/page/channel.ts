import { fromPage, fromRelay, helloEvent, idleSignal, type LossNotice, portEvent, probeSignal } from '../protocol/handover.ts';
import type { Channel, Receiver } from './calls.ts';
import { losses } from './errors.ts';
import {
  addListener,
  bare,
  clearInterval,
  dispatch,
  eventData,
  parseJson,
  preventDefault,
  relatedTarget,
  removeListener,
  SafeEvent,
  SafeEventTarget,
  SafeMessageEvent,
  setInterval,
  stopPropagation,
} from './primordials.ts';
import { createQueue } from './queue.ts';

/**
 * The page script's end of the private way to the relay: events on a target that only the two have, heard at once. The
 * relay hands it over in an event of its own type that nobody else hears, whichever of the two starts first; once taken,
 * no event of the page can replace it. Firefox ends the relay of a removed extension without a word, so while calls wait
 * it is asked now and then whether it is still there.
 */
export function openChannel(scope: EventTarget, probeEvery = 2_000): Channel {
  const waiting = createQueue<string>();
  const shield = new SafeEventTarget();
  let road: EventTarget | undefined;
  let receiver: Receiver;
  let timer: ReturnType<typeof setInterval> | undefined;
  let heard = '';
  let isDead = false;

  addListener(shield, fromRelay, passOn);
  addListener(scope, portEvent, take, true);
  dispatch(scope, new SafeEvent(helloEvent));

  return {
    post(text) {
      timer ??= setInterval(probe, probeEvery);
      if (road === undefined && !isDead) waiting.push(text);
      else say(text);
    },
    idle() {
      stopProbing();
      if (road !== undefined) say(idleSignal);
    },
    on(given) {
      receiver = given;
    },
  };

  function take(event: Event): void {
    const given = targetOf(event);
    if (given === undefined || road !== undefined) return;
    stopPropagation(event);
    preventDefault(event);
    removeListener(scope, portEvent, take, true);
    road = given;
    addListener(road, fromRelay, receive);
    while (!waiting.isEmpty()) say(waiting.shift() as string);
  }

  function say(data: string): void {
    if (road === undefined || dispatch(road, new SafeMessageEvent(fromPage, bare({ data, cancelable: true })))) giveUp();
  }

  /** What runs in a page meanwhile may look at `window.event`, so it gets to see one that leads nowhere. */
  function receive(event: Event): void {
    heard = eventData(event) as string;
    dispatch(shield, new SafeEvent(fromRelay));
  }

  function passOn(): void {
    const text = heard;
    heard = '';
    if (text[0] === '[') {
      const notice = parseJson(text) as LossNotice;
      receiver.closed(losses[notice[0]], notice[1]);
    } else if (text !== '') receiver.message(text);
  }

  function probe(): void {
    say(probeSignal);
  }

  function giveUp(): void {
    stopProbing();
    isDead = true;
    waiting.clear();
    receiver.closed(losses.gone);
  }

  function stopProbing(): void {
    clearInterval(timer);
    timer = undefined;
  }
}

/** Undefined for an event that only bears the name. */
function targetOf(event: Event): EventTarget | undefined {
  try {
    return relatedTarget(event) ?? undefined;
  } catch {
    return undefined;
  }
}
