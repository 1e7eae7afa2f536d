/** Asks the visitor's own model. Nothing is sent before they agree. */
export async function ask(question, { onText, signal }) {
  const messages = [{ role: 'user', content: question }];
  const body = { messages, stream: true, stream_options: { include_usage: true } };
  const answer = await window.ai.chat.completions.create(body, { signal });
  let model;
  let tokens;
  for await (const chunk of answer) {
    onText(chunk.choices[0]?.delta.content ?? '');
    model = chunk.model;
    tokens = chunk.usage?.completion_tokens;
  }
  return { model, tokens };
}
