export async function* ask({ text }, signal) {
  const detector = await LanguageDetector.create({ signal });
  for (const found of await detector.detect(text, { signal })) yield found;
}
