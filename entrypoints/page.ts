import { defineUnlistedScript } from 'wxt/utils/define-unlisted-script';
import { announce } from '../lib/page/announce.ts';
import { createCalls } from '../lib/page/calls.ts';
import { openChannel } from '../lib/page/channel.ts';
import { toPageError } from '../lib/page/errors.ts';
import { createInfo } from '../lib/page/info.ts';
import { installLanguageModel } from '../lib/page/language-model/install.ts';
import { createProvider } from '../lib/page/provider.ts';
import { version } from '../package.json';

/** Runs in every page, in the page's own world, before any script of it. */
export default defineUnlistedScript(() => {
  const info = createInfo(version);
  const calls = createCalls(openChannel(window), toPageError);
  installLanguageModel(window, calls);
  announce(window, createProvider(calls, window, info), info);
});
