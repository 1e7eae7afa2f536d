export async function* ask({ task, ...options }, signal) {
  const writer = await Writer.create({ ...options, signal });
  for await (const piece of writer.writeStreaming(task, { signal })) yield piece;
}
