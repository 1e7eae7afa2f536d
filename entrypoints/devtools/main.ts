import { browser } from 'wxt/browser';

// Chromium looks for the panel's page from the root; Firefox from this page, which is there too.
void browser.devtools.panels.create('Switchboard', '', 'devtools-panel.html');
