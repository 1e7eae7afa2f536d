import { computed } from '@preact/signals';
import { getPolicy, watchPolicy } from '../../lib/policy/managed.ts';
import { type Feature, noPolicy } from '../../lib/policy/policy.ts';
import { stored } from './stored.ts';

const read = stored(getPolicy, (onChange) => watchPolicy(onChange));

/** What an organisation decided for this browser. */
export const policy = computed(() => read.value.value ?? noPolicy);

/** Whether an organisation left that in use. The background refuses what is off; this keeps it out of sight. */
export function isOn(feature: Feature): boolean {
  return policy.value.features[feature];
}
