/** Asks the visitor's own model. The first call opens Switchboard's consent window; nothing is sent before they agree. */
export async function ask(question, { onText, signal }) {
  const answer = await window.ai.chat.completions.create(
    { messages: [{ role: 'user', content: question }], stream: true, stream_options: { include_usage: true } },
    { signal },
  );
  let end = {};
  for await (const chunk of answer) {
    onText(chunk.choices[0]?.delta.content ?? '');
    if (chunk.usage) end = { model: chunk.model, tokens: chunk.usage.completion_tokens };
  }
  return end;
}
