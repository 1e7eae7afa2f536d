/** Under which the late part of LanguageModel finds the page script that waits for it (./load.ts). */
export const lateKey = 'switchboard:language-model';
