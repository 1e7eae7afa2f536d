import { fakeBrowser } from 'wxt/testing/fake-browser';
import { forgetStorageListeners } from '../storage/changes.ts';

/** A browser that starts anew takes our listeners with it; what is kept in memory is then read anew. */
const { reset } = fakeBrowser;
fakeBrowser.reset = () => {
  reset();
  forgetStorageListeners();
};
