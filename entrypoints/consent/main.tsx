import '../../components/look/base.css';
import '../../components/consent/consent.css';
import { Consent } from '../../components/consent/consent.tsx';
import { mount } from '../../components/look/mount.tsx';
import { t } from '../../components/text/t.ts';
import { getQuestion } from '../../lib/permissions/question.ts';

// Nothing about the question is in the address: a copied or reloaded one shows what is asked now, or nothing.
const question = await getQuestion().catch(() => undefined);
mount(<Consent question={question} />, t('consentTitle'));
