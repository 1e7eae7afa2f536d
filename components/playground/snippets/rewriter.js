export async function* ask({ text, ...options }, signal) {
  const rewriter = await Rewriter.create({ ...options, signal });
  for await (const piece of rewriter.rewriteStreaming(text, { signal })) yield piece;
}
