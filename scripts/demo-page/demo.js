import { briefOf, doors, snippetOf, textOf, tokensOf } from './doors.js';

const element = (id) => document.getElementById(id);
const mostRows = 300;
let running;

element('door').append(...doors.map(({ id, name }) => new Option(name, id)));
element('door').addEventListener('change', () => {
  element('question').value = chosen().text ?? usualQuestion;
  showCode();
});
element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  run();
});
element('stop').addEventListener('click', () => running?.abort());
element('copy').addEventListener('click', () => navigator.clipboard.writeText(element('code').textContent));
element('question').addEventListener('input', showCode);
element('question').addEventListener('keydown', (event) => {
  // Enter that ends the composition of a Chinese or Japanese word is not the end of the question.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element('form').requestSubmit();
});
const usualQuestion = element('question').value;
element('question').value = new URLSearchParams(location.search).get('question') ?? usualQuestion;
await showCode();
show('idle', 'Ready');

function chosen() {
  return doors.find(({ id }) => id === element('door').value) ?? doors[0];
}

function requested() {
  return chosen().request(element('question').value);
}

/** The request as it would be sent now, and below it the file that sends it. */
async function showCode() {
  const file = await fetch(`snippets/${chosen().id}.js`);
  element('code').textContent = snippetOf(requested(), await file.text());
}

async function run() {
  if (running) return;
  if (!window.ai?.chat) return fail('not-installed', 'Switchboard is not in this browser. Install it, then reload this page.');
  running = new AbortController();
  clear();
  show('asking', 'Waiting for you to decide, then for the model');
  const startedAt = performance.now();
  let firstAt;
  let pieces = 0;
  let tokens;
  try {
    const { ask } = await import(`./snippets/${chosen().id}.js`);
    for await (const piece of ask(requested(), running.signal)) {
      const now = performance.now();
      const text = textOf(piece);
      pieces += 1;
      addRow(now - startedAt, piece, pieces);
      element('answer').textContent += text;
      element('model').textContent = piece.model ?? '';
      tokens = tokensOf(piece) ?? tokens;
      if (text && firstAt === undefined) {
        firstAt = now;
        element('first').textContent = `${Math.round(now - startedAt)} ms`;
        show('answering', 'Answering');
      }
    }
    const seconds = (performance.now() - firstAt) / 1000;
    element('tokens').textContent = tokens ?? '–';
    // The first token opens the interval, so it is not in it.
    element('speed').textContent = tokens > 1 && seconds > 0 ? `${((tokens - 1) / seconds).toFixed(1)} tok/s` : '–';
    show('done', 'Done');
  } catch (error) {
    if (running.signal.aborted) show('stopped', 'Stopped');
    else fail(typeof error.code === 'string' ? error.code : error.name, error.message);
  } finally {
    running = undefined;
    element('ask').disabled = false;
    element('stop').disabled = true;
  }
}

function addRow(milliseconds, piece, count) {
  element('count').textContent = count;
  if (count > mostRows) return;
  const row = element('pieces').insertRow();
  row.insertCell().textContent = `${Math.round(milliseconds)} ms`;
  row.insertCell().textContent = JSON.stringify(briefOf(piece));
}

function clear() {
  for (const id of ['first', 'speed', 'tokens']) element(id).textContent = '–';
  for (const id of ['answer', 'model', 'problem', 'reason', 'pieces', 'count']) element(id).textContent = '';
  element('trouble').hidden = true;
  element('ask').disabled = true;
  element('stop').disabled = false;
}

function fail(code, message) {
  element('problem').textContent = message;
  element('reason').textContent = code;
  element('trouble').hidden = false;
  show('failed', 'Not answered');
}

/** `ready` tells a driver that the page listens. */
function show(state, text) {
  element('state').dataset.state = state;
  element('state').textContent = text;
  document.body.dataset.ready = 'yes';
}
