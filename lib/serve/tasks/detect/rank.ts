/** As a page gets it. */
export interface Detected {
  detectedLanguage: string;
  confidence: number;
}

/** What is less likely than that is not told. */
const leastTold = 0.01;
/** Once that much is told, the rest is noise. */
const enough = 0.99;

/**
 * Shares of languages in a text as the standard has them told: the largest first, none that is less likely than that it
 * is in none of them, and `und` for all the rest. They sum up to 1. `unknown`: the share of no language that we know.
 */
export function rank(shares: Map<string, number>, unknown: number): Detected[] {
  const results: Detected[] = [];
  let told = 0;
  const sorted = [...shares].sort(([, one], [, other]) => other - one);
  const total = sorted.reduce((sum, [, share]) => sum + share, unknown);
  for (const [language, share] of total > 0 ? sorted : []) {
    // Never everything: no text is proof.
    const confidence = Math.round(Math.min(share / total, enough) * 1e4) / 1e4;
    if (confidence < leastTold || confidence <= unknown / total || told + confidence >= 1) break;
    results.push({ detectedLanguage: language, confidence });
    told += confidence;
    if (told >= enough) break;
  }
  return [...results, { detectedLanguage: 'und', confidence: 1 - told }];
}
