import { lateScript } from '../../late-script.ts';
import type { Languages } from './open-languages.ts';

/** What languages look like: the script of entrypoints/languages.ts. */
export const { keep: keepLanguages, read: loadLanguages } = lateScript<Promise<Languages>>('/languages.js', 'switchboardLanguages');
