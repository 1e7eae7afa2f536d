import { measureSizes } from '../../scripts/size.ts';
import type { Row } from '../row.ts';
import { both } from '../row.ts';

export const sizes: Row[] = [
  size('injected into each frame, page world, minified', 'page.js', 20, 8),
  size('injected into each frame, relay, minified', 'relay.js', 3, 1),
  size('background, minified', 'background.js', 160, 100),
];

function size(title: string, file: string, must: number, reach: number): Row {
  return {
    title,
    unit: 'KiB',
    must: both(must),
    reach: both(reach),
    tolerance: 1,
    async measure({ name }) {
      const found = measureSizes().find((each) => each.browser === name && each.file === file);
      return found && found.bytes / 1024;
    },
  };
}
