import type { ThoughtContent } from '../../../protocol/message.ts';
import type { ThoughtPart } from '../../../protocol/part.ts';

/**
 * What a backend wants back with a thought travels as the item's `encrypted_content`, the one field that clients hand
 * back unread. It is no secret of ours: whoever made it has sealed it.
 */
export function sealThought({ signature, opaque }: Pick<ThoughtPart, 'signature' | 'opaque'>): string | undefined {
  if (signature === undefined && opaque === undefined) return undefined;
  return `switchboard:${JSON.stringify({ signature, opaque })}`;
}

/** Nothing of what another service sealed: no backend of the user's could read it. */
export function openThought(sealed: string | null | undefined): Pick<ThoughtContent, 'signature' | 'opaque'> {
  if (!sealed?.startsWith('switchboard:')) return {};
  try {
    const { signature, opaque } = JSON.parse(sealed.slice('switchboard:'.length)) as Record<string, unknown>;
    return {
      ...(typeof signature === 'string' && { signature }),
      ...(typeof opaque === 'object' &&
        opaque !== null &&
        !Array.isArray(opaque) && { opaque: opaque as NonNullable<ThoughtContent['opaque']> }),
    };
  } catch {
    return {};
  }
}
