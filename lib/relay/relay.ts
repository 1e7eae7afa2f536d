import {
  fromPage,
  fromRelay,
  helloEvent,
  idleSignal,
  type LossCode,
  type LossNotice,
  portEvent,
  probeSignal,
} from '../protocol/handover.ts';
import { type Envelope, maxCallSize, pagePortName } from '../protocol/wire.ts';

/** What is used of `runtime`. */
export interface Runtime {
  /** Undefined once the extension was updated, switched off or removed. */
  id?: string | undefined;
  lastError?: unknown;
  connect(options: { name: string }): RuntimePort;
}

export interface RuntimePort {
  postMessage(message: unknown): void;
  disconnect(): void;
  onMessage: { addListener(listener: (message: unknown) => void): void };
  onDisconnect: { addListener(listener: () => void): void };
}

/** What is used of the window; the rest of a page is none of the relay's business. */
export type Scope = Pick<Window, 'origin' | 'navigator' | 'addEventListener' | 'removeEventListener' | 'dispatchEvent'> & {
  parent: Scope;
  document: Pick<Document, 'visibilityState' | 'addEventListener' | 'removeEventListener'> & { prerendering?: boolean };
};

/** Both browsers end a background that hears nothing for 30 seconds. */
const beat = 20_000;

/**
 * A window that a page opens and closes again hides it for some 50 ms in Chromium, of which the page hears only the end.
 * Whether it may ask hangs on being seen.
 */
const glance = 500;

/**
 * Carries text between the page script and the background and knows no message by name. It connects on the page's
 * first message, tells the page when the background was lost, and connects again on the next message. `getRuntime` is
 * asked then and not before: its first mention builds the browser's bindings, most of what this script costs a page.
 */
export function startRelay(getRuntime: () => Runtime | undefined, scope: Scope): void {
  const road = new EventTarget();
  let background: RuntimePort | undefined;
  let timer: ReturnType<typeof setInterval> | undefined;
  let waiting: string[] = [];
  let isAwaited = false;
  let received = 0;
  let isLeft = false;
  let isHidden = true;
  // A background that dies at once, again and again, is asked more and more slowly.
  let pause = 0;
  let nextPause = 0;

  road.addEventListener(fromPage, (event) => {
    event.preventDefault();
    const { data } = event as MessageEvent<string>;
    if (data === probeSignal) return;
    isAwaited = data !== idleSignal;
    if (isAwaited) receive(data);
  });

  attend();

  if (!give()) scope.addEventListener(helloEvent, greet);

  /** Again and again, because `document.open` takes every listener off a window, also ours. */
  function attend(): void {
    scope.addEventListener('pagehide', leave);
  }

  /** Into the cache: Chromium would lose the port without a word, Firefox would go on paying for the answer. */
  function leave(): void {
    isLeft = true;
    if (background) drop();
  }

  function receive(text: string): void {
    if (received === 0) watch();
    received += 1;
    if (text.length > maxCallSize) tell('too-large');
    else if (waiting.push(text) > 1) return;
    else if (!isHidden && !isVisible()) untilSeen();
    else schedule();
  }

  function watch(): void {
    const note = () => (isHidden = !isVisible());
    note();
    scope.document.addEventListener('visibilitychange', note);
  }

  function isVisible(): boolean {
    return scope.document.visibilityState === 'visible';
  }

  /** Or until it is told that nobody sees it. */
  function untilSeen(): void {
    const { document } = scope;
    const goOn = () => {
      clearTimeout(patience);
      document.removeEventListener('visibilitychange', goOn);
      schedule();
    };
    const patience = setTimeout(goOn, glance);
    document.addEventListener('visibilitychange', goOn);
  }

  function give(): boolean {
    return !scope.dispatchEvent(new FocusEvent(portEvent, { relatedTarget: road, cancelable: true }));
  }

  function greet(): void {
    if (give()) scope.removeEventListener(helloEvent, greet);
  }

  function schedule(): void {
    const { document } = scope;
    if (background) send();
    // Nobody has seen a prerendered page yet: its calls wait until somebody does. Where the browser knows of no such thing,
    // `<img name=prerendering>` stands there.
    else if (document.prerendering === true) document.addEventListener('prerenderingchange', send, { once: true });
    // What a page says in its last moment waits until it is shown again, as its timers do.
    else if (pause || isLeft) setTimeout(send, pause);
    else send();
  }

  function send(): void {
    const { hasBeenActive, isActive: clicked } = scope.navigator.userActivation;
    const visible = isVisible();
    const active = hasBeenActive && visible;
    const embedded = isEmbedded(scope);
    const calls = waiting;
    waiting = [];
    isLeft = false;
    attend();
    try {
      background ??= connect();
      for (const call of calls) background.postMessage({ call, active, visible, clicked, embedded } satisfies Envelope);
    } catch {
      lose();
    }
  }

  function connect(): RuntimePort {
    const port = (getRuntime() as Runtime).connect({ name: pagePortName });
    port.onMessage.addListener((text) => {
      attend();
      pause = nextPause = 0;
      say(text as string);
    });
    port.onDisconnect.addListener(() => {
      void getRuntime()?.lastError;
      if (port === background) lose();
    });
    timer = setInterval(keep, beat);
    return port;
  }

  /** While the page waits the background is kept awake; when it does not, the port goes, before it could die with a message in it. */
  function keep(): void {
    if (!isAwaited) drop();
    else
      try {
        background?.postMessage(null);
      } catch {
        lose();
      }
  }

  function drop(): void {
    background?.disconnect();
    pause = nextPause = 0;
    forget('interrupted');
  }

  function lose(): void {
    pause = nextPause;
    nextPause = Math.min(nextPause * 2 || 50, 2_000);
    forget(getRuntime()?.id ? 'interrupted' : 'gone');
  }

  function forget(code: LossCode): void {
    clearInterval(timer);
    background = undefined;
    tell(code);
  }

  function tell(code: LossCode): void {
    say(JSON.stringify([code, received - waiting.length] satisfies LossNotice));
  }

  function say(data: string): void {
    road.dispatchEvent(new MessageEvent(fromRelay, { data }));
  }
}

/** Some frame around this one is of another origin; the browser throws rather than say which. */
function isEmbedded(scope: Scope): boolean {
  try {
    for (let frame = scope; frame !== frame.parent; frame = frame.parent) {
      if (frame.parent.origin !== scope.origin) return true;
    }
    return false;
  } catch {
    return true;
  }
}
