import { keepKit } from '../backends/load-kit.ts';
import { keepStandardCode } from './standard-code.ts';
import { keepLanguages } from './tasks/detect/load-languages.ts';

/** For all that the background reads when it needs it. To be called at its top. */
export function keepScripts(): void {
  keepKit();
  keepStandardCode();
  keepLanguages();
}
