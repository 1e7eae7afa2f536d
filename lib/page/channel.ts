import { helloEvent, type LossNotice, portEvent } from '../protocol/handover.ts';
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
  setTimeout,
  startPort,
  stopPropagation,
} from './primordials.ts';
import { createQueue } from './queue.ts';

/**
 * The page script's end of the private port. The relay hands it over in an event of its own type that nobody else
 * hears, whichever of the two starts first; once taken, no event of the page can replace it. A relay starts before any
 * script of the page, so one that is not there after `relayTimeout` milliseconds will not come.
 */
export function openChannel(scope: EventTarget, relayTimeout = 3_000): Channel {
  const waiting = createQueue<unknown>();
  let port: MessagePort | undefined;
  let receiver: Receiver;

  addListener(scope, portEvent, take as EventListener, true);
  dispatch(scope, new SafeEvent(helloEvent));

  return {
    post,
    idle: () => post(0),
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
    if (typeof data === 'string') receiver.message(data);
    else {
      const notice = data as LossNotice;
      receiver.closed(losses[notice[0]], notice[1]);
    }
  }

  function post(message: unknown): void {
    if (port !== undefined) postTo(port, message);
    else {
      if (waiting.isEmpty()) setTimeout(giveUp, relayTimeout);
      waiting.push(message);
    }
  }

  function giveUp(): void {
    if (port !== undefined) return;
    waiting.clear();
    receiver.closed(losses.gone);
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
