export async function* ask({ text, ...options }, signal) {
  const translator = await Translator.create({ ...options, signal });
  for await (const piece of translator.translateStreaming(text, { signal })) yield piece;
}
