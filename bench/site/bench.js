/**
 * What the benchmark does inside the page. Roads to the same server, the same loop over each: the page's own fetch,
 * and two doors of Switchboard. Times are milliseconds; `now` is comparable with the server's clock.
 */
globalThis.bench = { burst, latency, firstToken, abort, concurrent, consume };

const roads = { direct, through, session };
let calls = 0;

function now() {
  return performance.timeOrigin + performance.now();
}

/** The page's own fetch, read as any page would read it. */
async function* direct(model, signal) {
  const response = await fetch('/v1/chat/completions', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ model, stream: true, messages: [{ role: 'user', content: name() }] }),
    signal,
  });
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const lines = (rest + value).split('\n');
    rest = lines.pop();
    for (const line of lines) {
      if (!line.startsWith('data: ') || line === 'data: [DONE]') continue;
      const text = JSON.parse(line.slice(6)).choices[0].delta.content;
      if (text) yield text;
    }
  }
}

async function* through(model, signal) {
  const answer = await window.ai.chat.completions.create(
    { model, stream: true, messages: [{ role: 'user', content: name() }] },
    { signal },
  );
  for await (const chunk of answer) {
    const text = chunk.choices[0]?.delta.content;
    if (text) yield text;
  }
}

/** A session cannot name a model, so its road leads to the default one only. */
async function* session(model, signal) {
  if (model !== 'burst-10000') throw new Error(`No session answers with ${model}.`);
  const created = await LanguageModel.create({ signal });
  try {
    yield* created.promptStreaming(name(), { signal });
  } finally {
    created.destroy();
  }
}

function name() {
  calls += 1;
  return `${performance.timeOrigin}-${calls}`;
}

/** Wall time of `count` tokens sent as fast as they come; throws where one is lost. */
async function burst(road, count) {
  const startedAt = now();
  let got = 0;
  for await (const text of roads[road](`burst-${count}`)) got += text.split(' ').length - 1;
  if (got !== count) throw new Error(`${road}: ${got} of ${count} tokens arrived`);
  return now() - startedAt;
}

/** How long each token of a steady stream was on its way. A piece may hold several tokens, each with its own time. */
async function latency(road, count, everyMs) {
  const delays = [];
  for await (const text of roads[road](`paced-${count}-${everyMs}`)) {
    const at = now();
    for (const sentAt of text.trim().split(' ')) delays.push(at - Number(sentAt));
  }
  return delays;
}

async function firstToken(road) {
  const startedAt = now();
  const stop = new AbortController();
  for await (const _ of roads[road]('paced-1-0', stop.signal)) return now() - startedAt;
}

/** When the page aborted, and the name under which the server noted when the connection closed. */
async function abort(road) {
  const stop = new AbortController();
  let at = 0;
  try {
    let got = 0;
    for await (const _ of roads[road]('endless', stop.signal)) {
      got += 1;
      if (got !== 5) continue;
      at = now();
      stop.abort();
    }
  } catch (error) {
    if (error.name !== 'AbortError') throw error;
  }
  return { at, id: `${performance.timeOrigin}-${calls}` };
}

/** One stream for each of the models, all at once: how long each took from the first token of any, and the tokens that are missing. */
async function concurrent(models, count) {
  let begunAt;
  let lost = 0;
  const ends = await Promise.all(
    models.map(async (model) => {
      let got = 0;
      for await (const text of through(model)) {
        begunAt ??= now();
        got += text.split(' ').length - 1;
      }
      lost += count - got;
      return now();
    }),
  );
  return { lost, times: ends.map((end) => end - begunAt) };
}

/** Reads that many MiB and keeps nothing. */
async function consume(road, mebibytes) {
  let got = 0;
  for await (const text of roads[road](`large-${mebibytes}`)) got += text.length;
  return got;
}
