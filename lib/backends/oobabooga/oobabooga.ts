import * as z from 'zod/mini';
import type { Backend, Field } from '../backend.ts';
import { addressField, addressSchema, optionalKeyField } from '../fields.ts';
import { openCurrent } from './current.ts';
import { openLegacy } from './legacy.ts';

const schema = z.object({
  baseUrl: addressSchema,
  /** `legacy`: the API of before November 2023, with its stream on another port. */
  api: z.optional(z.enum(['openai', 'legacy'])),
  mode: z.optional(z.enum(['instruct', 'chat', 'chat-instruct'])),
  character: z.optional(z.string()),
  instructionTemplate: z.optional(z.string()),
  /** Stopping one call stops every call that the server is busy with. */
  stopAll: z.optional(z.boolean()),
  /** Legacy: where the stream is, `ws://127.0.0.1:5005` unless said. */
  streamUrl: z.optional(z.string().check(z.regex(/^wss?:\/\/[^/\s@]+$/, 'Write it as ws://host:port.'))),
});
export type OobaboogaConfig = z.infer<typeof schema>;

/** text-generation-webui, with its current OpenAI-shaped API and its legacy one. */
export const oobabooga: Backend<OobaboogaConfig> = {
  id: 'oobabooga',
  label: 'text-generation-webui',
  group: 'local',
  schema,
  fields: [
    addressField('http://127.0.0.1:5000'),
    optionalKeyField,
    { name: 'adminKey', kind: 'secret', label: 'field_admin_key', hint: 'field_admin_key_oobabooga', advanced: true },
    choice('api', ['openai', 'legacy']),
    choice('mode', ['instruct', 'chat', 'chat-instruct']),
    { name: 'character', kind: 'text', label: 'field_character', hint: 'field_character_hint', advanced: true },
    {
      name: 'instructionTemplate',
      kind: 'text',
      label: 'field_instruction_template',
      hint: 'field_instruction_template_hint',
      advanced: true,
    },
    { name: 'stopAll', kind: 'switch', label: 'field_stop_all', hint: 'field_stop_all_hint', advanced: true },
    {
      name: 'streamUrl',
      kind: 'text',
      label: 'field_stream_url',
      hint: 'field_stream_url_hint',
      placeholder: 'ws://127.0.0.1:5005',
      advanced: true,
    },
  ],
  preset: { baseUrl: 'http://127.0.0.1:5000' },
  hosts: ({ baseUrl }) => [new URL(baseUrl).origin],
  open: (config, resources) => (config.api === 'legacy' ? openLegacy(config, resources) : openCurrent(config, resources)),
};

function choice(name: 'api' | 'mode', values: string[]): Field {
  return {
    name,
    kind: 'choice',
    label: `field_ooba_${name}`,
    hint: `field_ooba_${name}_hint`,
    choices: values.map((value) => ({ value, label: `field_ooba_${name}_${value.replaceAll('-', '_')}` })),
    advanced: true,
  };
}
