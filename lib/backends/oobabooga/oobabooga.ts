import type { Backend, Field } from '../backend.ts';
import { addressField, optionalKeyField } from '../fields.ts';
import { type OobaboogaConfig, oobaboogaSchema, streamAddress } from './config.ts';
import { openCurrent } from './current.ts';
import { openLegacy } from './legacy.ts';

/** text-generation-webui, with its current OpenAI-shaped API and its legacy one. */
export const oobabooga: Backend<OobaboogaConfig> = {
  id: 'oobabooga',
  label: 'text-generation-webui',
  group: 'local',
  schema: oobaboogaSchema,
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
  hosts: (config) => [
    new URL(config.baseUrl).origin,
    ...(config.api === 'legacy' ? [new URL(streamAddress(config).replace(/^ws/, 'http')).origin] : []),
  ],
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
