import { beforeAll, describe, expect, it } from 'vitest';
import { detect } from './detect.ts';
import { openLanguages } from './open-languages.ts';
import { rank } from './rank.ts';
import { runsOf } from './scripts.ts';

const texts: Record<string, [short: string, long: string]> = {
  en: ['Where is the station?', 'Please send me the report before Friday, otherwise we cannot finish the budget.'],
  de: ['Wo ist der Bahnhof?', 'Bitte schicken Sie mir den Bericht vor Freitag, sonst können wir das Budget nicht abschließen.'],
  fr: ['Où est la gare ?', "Veuillez m'envoyer le rapport avant vendredi, sinon nous ne pourrons pas terminer le budget."],
  es: ['¿Dónde está la estación?', 'Por favor, envíeme el informe antes del viernes, si no, no podremos cerrar el presupuesto.'],
  pt: ['Onde fica a estação?', 'Por favor, envie-me o relatório antes de sexta-feira, caso contrário não fechamos o orçamento.'],
  it: ["Dov'è la stazione?", 'Per favore mandami la relazione prima di venerdì, altrimenti non possiamo chiudere il bilancio.'],
  nl: ['Waar is het station?', 'Stuur me het verslag alstublieft voor vrijdag, anders kunnen we de begroting niet afronden.'],
  sv: ['Var ligger stationen?', 'Skicka rapporten till mig före fredag, annars kan vi inte bli klara med budgeten.'],
  fi: ['Missä rautatieasema on?', 'Lähetä minulle raportti ennen perjantaita, muuten emme saa talousarviota valmiiksi.'],
  pl: ['Gdzie jest dworzec?', 'Proszę przysłać mi raport przed piątkiem, w przeciwnym razie nie zamkniemy budżetu.'],
  cs: ['Kde je nádraží?', 'Pošlete mi prosím zprávu do pátku, jinak nestihneme uzavřít rozpočet.'],
  hu: ['Hol van az állomás?', 'Kérem, küldje el a jelentést péntek előtt, különben nem tudjuk lezárni a költségvetést.'],
  tr: ['İstasyon nerede?', 'Lütfen raporu cumadan önce bana gönderin, yoksa bütçeyi tamamlayamayız.'],
  id: ['Di mana stasiunnya?', 'Tolong kirimkan laporannya sebelum hari Jumat, kalau tidak kami tidak bisa menyelesaikan anggaran.'],
  vi: ['Nhà ga ở đâu?', 'Vui lòng gửi cho tôi bản báo cáo trước thứ Sáu, nếu không chúng tôi không thể hoàn thành ngân sách.'],
  ru: ['Где находится вокзал?', 'Пожалуйста, пришлите мне отчёт до пятницы, иначе мы не сможем закрыть бюджет.'],
  uk: ['Де знаходиться вокзал?', "Будь ласка, надішліть мені звіт до п'ятниці, інакше ми не зможемо закрити бюджет."],
  el: ['Πού είναι ο σταθμός;', 'Στείλτε μου την αναφορά πριν από την Παρασκευή.'],
  ar: ['أين المحطة؟', 'من فضلك أرسل لي التقرير قبل يوم الجمعة.'],
  fa: ['ایستگاه کجاست؟', 'لطفا گزارش را قبل از جمعه برای من بفرستید.'],
  he: ['איפה התחנה?', 'בבקשה שלח לי את הדוח לפני יום שישי.'],
  hi: ['स्टेशन कहाँ है?', 'कृपया शुक्रवार से पहले मुझे रिपोर्ट भेज दें।'],
  ja: ['駅はどこですか', '金曜日までに報告書を送ってください。'],
  zh: ['车站在哪里？', '请在星期五之前把报告发给我。'],
  ko: ['역이 어디예요?', '금요일 전에 보고서를 보내 주세요.'],
  th: ['สถานีอยู่ที่ไหน', 'กรุณาส่งรายงานให้ฉันก่อนวันศุกร์'],
};

/** What ELD does not know, CLD3 does. */
const rareTexts: Record<string, string> = {
  af: 'Stuur asseblief die verslag voor Vrydag, anders kan ons nie die begroting afhandel nie.',
  sw: 'Tafadhali nitumie ripoti kabla ya Ijumaa, la sivyo hatutaweza kumaliza bajeti.',
  cy: 'Anfonwch yr adroddiad ataf cyn dydd Gwener, neu ni allwn orffen y gyllideb.',
  ga: 'Seol an tuarascáil chugam roimh an Aoine, le do thoil.',
  eo: 'Bonvolu sendi al mi la raporton antaŭ vendredo, alie ni ne povos fini la buĝeton.',
  la: 'Omnia tempus habent, et suis spatiis transeunt universa sub caelo.',
  zu: 'Ngicela ungithumelele umbiko ngaphambi kukaLwesihlanu.',
  kk: 'Жұмаға дейін маған есепті жіберіңізші, әйтпесе бюджетті аяқтай алмаймыз.',
  mk: 'Ве молам испратете ми го извештајот пред петок, инаку не можеме да го завршиме буџетот.',
  ps: 'مهرباني وکړئ د جمعې څخه مخکې راپور ماته راولېږئ.',
  'ja-Latn': 'Kinyoubi made ni houkokusho wo okutte kudasai.',
  'el-Latn': 'Parakalo steile mou tin anafora prin apo tin Paraskevi.',
  yi: 'שיקט מיר, זײַט אַזױ גוט, דעם באַריכט פֿאַר פֿרײַטיק.',
};

beforeAll(() => {
  Object.assign(globalThis, { switchboardLanguages: openLanguages() });
});

describe('detect', () => {
  it.each(Object.entries(texts))('knows %s, in a phrase and in a sentence', async (language, [short, long]) => {
    expect((await detect(short))[0]?.detectedLanguage).toBe(language);
    const [best] = await detect(long);
    expect(best?.detectedLanguage).toBe(language);
    expect(best?.confidence).toBeGreaterThan(0.5);
  });

  it.each(Object.entries(rareTexts))('knows %s in a sentence', async (language, text) => {
    const [best] = await detect(text);
    expect(best?.detectedLanguage).toBe(language);
    expect(best?.confidence).toBeGreaterThan(0.5);
  });

  it('tells Afrikaans from Dutch by words of one of them', async () => {
    for (const text of ["Hy het 'n hond.", 'Ek weet nie wat om te doen nie.', 'Baie dankie vir jou hulp.']) {
      expect((await detect(text))[0]?.detectedLanguage).toBe('af');
    }
    for (const text of ['Ik hou van jou.', "Zo'n hond wil ik ook.", 'Hartelijk dank voor je hulp.']) {
      expect((await detect(text))[0]?.detectedLanguage).toBe('nl');
    }
  });

  it('believes in what few people write sooner where it is expected', async () => {
    const text = 'Nessun individuo potrà essere';
    const share = async (expected: string[]) =>
      (await detect(text, expected)).find(({ detectedLanguage }) => detectedLanguage === 'co')?.confidence ?? 0;
    expect(await share(['co-FR'])).toBeGreaterThan((await share(['it'])) + 0.05);
  });

  it.each(['haha', 'OK', 'foo bar baz', 'lol'])('takes %j for no language that few people write', async (text) => {
    expect((await detect(text))[0]?.detectedLanguage).toBe('und');
  });

  it('is Hebrew with points too', async () => {
    expect((await detect('בְּרֵאשִׁית בָּרָא אֱלֹהִים אֵת הַשָּׁמַיִם'))[0]?.detectedLanguage).toBe('he');
  });

  it.each(['', '  \n', '12345 67.8', '!?', '👋'])('is und for what is no text: %j', async (text) => {
    expect(await detect(text)).toEqual([{ detectedLanguage: 'und', confidence: 1 }]);
  });

  it('is not sure of a single word', async () => {
    expect((await detect('Hello'))[0]?.confidence).toBeLessThan(0.7);
  });

  it('tells the parts of a text in two languages', async () => {
    const [, english] = texts.en as [string, string];
    const [, german] = texts.de as [string, string];
    const found = (await detect(`${english}\n${german}`)).map(({ detectedLanguage }) => detectedLanguage);
    expect(found.slice(0, 2).sort()).toEqual(['de', 'en']);
    expect((await detect('tacosを食べる'))[0]?.detectedLanguage).toBe('ja');
  });

  it('is the largest first, und last, and one in all; the tags are canonical', async () => {
    for (const [short, long] of Object.values(texts)) {
      for (const text of [short, long, `${short} ${texts.en?.[0]}`]) {
        const results = await detect(text);
        const { detectedLanguage, confidence } = results.at(-1) ?? {};
        expect(detectedLanguage).toBe('und');
        expect(confidence).toBeGreaterThan(0);
        const told = results.slice(0, -1);
        expect(told.reduce((sum, each) => sum + each.confidence, 0) + (confidence ?? 0)).toBeLessThanOrEqual(1);
        expect(told.map((each) => each.confidence)).toEqual(told.map((each) => each.confidence).sort((one, other) => other - one));
        for (const each of told) expect(Intl.getCanonicalLocales(each.detectedLanguage)).toEqual([each.detectedLanguage]);
      }
    }
  });
});

it('rank stops at what is less likely than nothing that is known', () => {
  const shares = new Map([
    ['en', 0.6],
    ['nl', 0.15],
    ['fy', 0.05],
  ]);
  expect(rank(shares, 0.2)).toEqual([
    { detectedLanguage: 'en', confidence: 0.6 },
    { detectedLanguage: 'und', confidence: 0.4 },
  ]);
});

it('runsOf keeps what stands between letters with the letters before', () => {
  expect(runsOf('Hi, 世界! Привет').map(({ text, language }) => [text, language])).toEqual([
    ['Hi, ', undefined],
    ['世界! ', 'zh'],
    ['Привет', undefined],
  ]);
});
