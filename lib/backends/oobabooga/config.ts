import * as z from 'zod/mini';
import { addressSchema } from '../fields.ts';
import { placeOf } from '../place.ts';

export const oobaboogaSchema = z
  .object({
    baseUrl: addressSchema,
    /** `legacy`: the API of before November 2023, with its stream on another port. */
    api: z.optional(z.enum(['openai', 'legacy'])),
    mode: z.optional(z.enum(['instruct', 'chat', 'chat-instruct'])),
    character: z.optional(z.string()),
    instructionTemplate: z.optional(z.string()),
    /** Stopping one call stops every call that the server is busy with. */
    stopAll: z.optional(z.boolean()),
    /** Legacy: where the stream is, port 5005 of the same machine unless said. */
    streamUrl: z.optional(z.string().check(z.regex(/^wss?:\/\/[^/\s@]+$/, 'Write it as ws://host:port.'))),
  })
  .check(
    // What the user is told of where the words go is told of the address.
    z.refine(({ baseUrl, streamUrl }) => streamUrl === undefined || isSameMachine(baseUrl, streamUrl), {
      error: 'The streaming address must be on the same machine as the address.',
      path: ['streamUrl'],
    }),
  );
export type OobaboogaConfig = z.infer<typeof oobaboogaSchema>;

/** Where the legacy API streams. */
export function streamAddress({ baseUrl, streamUrl }: OobaboogaConfig): string {
  const { protocol, hostname } = new URL(baseUrl);
  return streamUrl ?? `${protocol === 'https:' ? 'wss' : 'ws'}://${hostname}:5005`;
}

function isSameMachine(baseUrl: string, streamUrl: string): boolean {
  const address = streamUrl.replace(/^ws/, 'http');
  if (!URL.canParse(address)) return false;
  return new URL(address).hostname === new URL(baseUrl).hostname || (placeOf(address) === 'device' && placeOf(baseUrl) === 'device');
}
