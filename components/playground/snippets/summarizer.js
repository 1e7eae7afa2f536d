export async function* ask({ text, ...options }, signal) {
  const summarizer = await Summarizer.create({ ...options, signal });
  for await (const piece of summarizer.summarizeStreaming(text, { signal })) yield piece;
}
