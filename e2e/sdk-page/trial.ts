/** What a page tries with a package: named trials, each answering with what the test looks at. */
export type Trial = Record<string, () => Promise<unknown>>;

/** A tool as every package takes it. */
export const weather = {
  name: 'weather',
  description: 'The weather in a city',
  parameters: { type: 'object', properties: { city: { type: 'string' } }, required: ['city'], additionalProperties: false },
};
