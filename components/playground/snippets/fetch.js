export async function* ask(request, signal) {
  const response = await window.ai.fetch(`${window.ai.baseURL}/chat/completions`, {
    method: 'POST',
    body: JSON.stringify(request),
    signal,
  });
  if (!response.ok) {
    const { error } = await response.json();
    throw Object.assign(new Error(error.message), { code: error.code, status: response.status });
  }
  let rest = '';
  for await (const text of response.body.pipeThrough(new TextDecoderStream())) {
    const events = `${rest}${text}`.split('\n\n');
    rest = events.pop();
    for (const event of events) {
      if (event.startsWith('data: {')) yield JSON.parse(event.slice(6));
    }
  }
}
