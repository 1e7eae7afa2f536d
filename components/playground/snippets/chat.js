export async function* ask(request, signal) {
  for await (const chunk of await window.ai.chat.completions.create(request, { signal })) yield chunk;
}
