export async function* ask({ prompt, ...options }, signal) {
  const session = await LanguageModel.create({ ...options, signal });
  try {
    for await (const text of session.promptStreaming(prompt, { signal })) yield text;
  } finally {
    session.destroy();
  }
}
