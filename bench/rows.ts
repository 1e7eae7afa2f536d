import type { Row } from './row.ts';
import { abort } from './rows/abort.ts';
import { backgroundStart } from './rows/background-start.ts';
import { burst, sessionBurst } from './rows/burst.ts';
import { concurrentFairness, concurrentLost } from './rows/concurrent.ts';
import { firstCallAfterSleep, firstToken } from './rows/first-token.ts';
import { heap } from './rows/heap.ts';
import { latency } from './rows/latency.ts';
import { pageLoad } from './rows/page-load.ts';
import { popupPaint, popupTyping } from './rows/popup.ts';
import { sizes } from './rows/sizes.ts';

/** Every figure, in the order of measuring: what others could disturb comes first. */
export const rows: Row[] = [
  burst,
  sessionBurst,
  latency,
  firstToken,
  firstCallAfterSleep,
  abort,
  concurrentLost,
  concurrentFairness,
  pageLoad,
  popupPaint,
  popupTyping,
  heap,
  backgroundStart,
  ...sizes,
];
