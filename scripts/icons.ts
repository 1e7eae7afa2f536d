import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { root } from './extension-folder.ts';
import { launchBrowser } from './launch.ts';

/** Draws public/icon/*.png from the mark in components/look: `node scripts/icons.ts` after a change of the drawing. */
const sizes = [16, 32, 48, 96, 128];
/** Up to here the drawing for the pixel grid is the clearer one. */
const largestSmall = 32;

const look = (name: string) => readFile(resolve(root, 'components/look', name), 'utf8');
const [small, large] = await Promise.all([look('icon-small.svg'), look('icon.svg')]);
const { browser } = await launchBrowser('chromium');
try {
  const page = await browser.newPage();
  for (const size of sizes) {
    await page.setViewport({ width: size, height: size });
    await page.setContent(
      `<style>body{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${size <= largestSmall ? small : large}`,
    );
    await writeFile(resolve(root, `public/icon/${size}.png`), await page.screenshot({ omitBackground: true }));
  }
} finally {
  await browser.close();
}
