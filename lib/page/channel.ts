import { helloEvent, idleSignal, type LossNotice, portEvent } from '../protocol/handover.ts';
import type { Channel, Receiver } from './calls.ts';
import { losses } from './errors.ts';
import {
  addListener,
  dispatch,
  eventData,
  eventPorts,
  postTo,
  preventDefault,
  removeListener,
  SafeEvent,
  setInterval,
  startPort,
  stopPropagation,
} from './primordials.ts';
import { createQueue } from './queue.ts';

/**
 * The page script's end of the private port. The relay hands it over in an event of its own type that nobody else
 * hears, whichever of the two starts first; once taken, no event of the page can replace it. Firefox ends the relay of a
 * removed extension without a word, so while calls wait it is asked now and then whether it got what was posted.
 */
export function openChannel(scope: EventTarget, probeEvery = 2_000): Channel {
  const waiting = createQueue<string>();
  let port: MessagePort | undefined;
  let receiver: Receiver;
  let timer: ReturnType<typeof setInterval> | undefined;
  let posted = 0;
  let unheard = 0;
  let isDead = false;

  addListener(scope, portEvent, take as EventListener, true);
  dispatch(scope, new SafeEvent(helloEvent));

  return {
    post(text) {
      posted += 1;
      timer ??= setInterval(probe, probeEvery);
      if (port === undefined) waiting.push(text);
      else postTo(port, text);
      if (isDead) giveUp();
    },
    idle() {
      stopProbing();
      if (port !== undefined) postTo(port, idleSignal);
    },
    on(given) {
      receiver = given;
    },
  };

  function take(event: MessageEvent): void {
    const given = portOf(event);
    if (given === undefined || port !== undefined) return;
    stopPropagation(event);
    preventDefault(event);
    removeListener(scope, portEvent, take as EventListener, true);
    port = given;
    addListener(port, 'message', receive as EventListener);
    startPort(port);
    while (!waiting.isEmpty()) postTo(port, waiting.shift());
  }

  function receive(event: MessageEvent): void {
    const data = eventData(event);
    unheard = 0;
    isDead = false;
    if (typeof data === 'string') receiver.message(data);
    else if (typeof data !== 'number') {
      const notice = data as LossNotice;
      receiver.closed(losses[notice[0]], notice[1]);
    }
  }

  function probe(): void {
    // A page that was busy runs its timers before its messages: one silence is no proof.
    unheard += 1;
    if (unheard > 2) giveUp();
    else if (port !== undefined) postTo(port, posted);
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
    unheard = 0;
  }
}

/** Undefined for an event that only bears the name. */
function portOf(event: MessageEvent): MessagePort | undefined {
  try {
    return eventPorts(event)[0];
  } catch {
    return undefined;
  }
}
