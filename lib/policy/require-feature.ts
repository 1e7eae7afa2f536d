import { SwitchboardError } from '../protocol/errors.ts';
import { getPolicy } from './managed.ts';
import type { Feature } from './policy.ts';

/** Throws `denied` where an organisation has switched the feature off. */
export async function requireFeature(feature: Feature): Promise<void> {
  const { features } = await getPolicy();
  if (!features[feature]) throw new SwitchboardError('denied', `Your organisation has switched off ${names[feature]} here.`);
}

const names: Record<Feature, string> = {
  quickChat: 'the chat',
  ownConnections: 'connections of your own',
  onDeviceModels: 'models inside the browser',
  sitesByConsent: 'access for further sites',
  fullTextActivity: 'keeping the words of prompts and answers',
  backup: 'writing and reading backups',
};
