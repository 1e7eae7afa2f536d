import { browser } from 'wxt/browser';
import { Mark } from '../look/mark.tsx';
import { PolicySection } from '../policy/policy-section.tsx';
import { t } from '../text/t.ts';
import { libraries } from './libraries.ts';

/** What this is, what leaves the device, and whose work is in it. */
export function About() {
  return (
    <div class="stack about">
      <div class="row">
        <Mark size={36} />
        <div>
          <h1>Switchboard</h1>
          <p class="quiet">{t('version', { version: browser.runtime.getManifest().version })}</p>
        </div>
      </div>
      <p>{t('appDescription')}</p>
      <h2>{t('aboutLeaves')}</h2>
      <ul class="card pad stack points">
        <li>{t('aboutLeavesPrompts')}</li>
        <li>{t('aboutLeavesKeys')}</li>
        <li>{t('aboutLeavesNothing')}</li>
        <li>{t('aboutLeavesActivity')}</li>
      </ul>
      <PolicySection />
      <h2>{t('aboutLicence')}</h2>
      <p>{t('aboutLicenceText')}</p>
      <ul class="plain card pad libraries">
        {libraries.map(([name, licence]) => (
          <li key={name}>
            {name} <small>{licence}</small>
          </li>
        ))}
      </ul>
    </div>
  );
}
