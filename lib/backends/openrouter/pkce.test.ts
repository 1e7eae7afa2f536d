import { describe, expect, it } from 'vitest';
import { challengeOf, createVerifier } from './pkce.ts';

describe('proof of a sign-in', () => {
  it('is the hash that the standard gives as its example', async () => {
    // RFC 7636, appendix B.
    expect(await challengeOf('dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk')).toBe('E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM');
  });

  it('is of a secret that is new each time and fits in an address', () => {
    const verifiers = Array.from({ length: 100 }, createVerifier);
    expect(new Set(verifiers).size).toBe(100);
    for (const verifier of verifiers) expect(verifier).toMatch(/^[A-Za-z0-9_-]{43}$/);
  });
});
