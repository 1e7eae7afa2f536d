import { ask } from './ask.js';

const element = (id) => document.getElementById(id);
let running;

element('form').addEventListener('submit', (event) => {
  event.preventDefault();
  run(element('question').value);
});
element('stop').addEventListener('click', () => running?.abort());
element('question').addEventListener('keydown', (event) => {
  // Enter that ends the composition of a Chinese or Japanese word is not the end of the question.
  if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  element('form').requestSubmit();
});
element('question').value = new URLSearchParams(location.search).get('question') ?? element('question').value;
element('code').textContent = await (await fetch('ask.js')).text();
show('idle', 'Ready');

async function run(question) {
  if (running) return;
  if (!window.ai?.chat) return fail('Switchboard is not in this browser. Install it, then reload this page.');
  running = new AbortController();
  clear();
  show('asking', 'Waiting for you to decide, then for the model');
  const startedAt = performance.now();
  let firstAt;
  let pieces = 0;
  const onText = (text) => {
    if (!text) return;
    firstAt ??= performance.now();
    pieces += 1;
    element('answer').textContent += text;
    if (pieces === 1) {
      element('first').textContent = `${Math.round(firstAt - startedAt)} ms`;
      show('answering', 'Answering');
    }
  };
  try {
    const { model = '', tokens = pieces } = await ask(question, { onText, signal: running.signal });
    const seconds = (performance.now() - firstAt) / 1000;
    element('model').textContent = model;
    element('tokens').textContent = tokens;
    // The first token opens the interval, so it is not in it.
    element('speed').textContent = tokens > 1 && seconds > 0 ? `${((tokens - 1) / seconds).toFixed(1)} tok/s` : '–';
    show('done', 'Done');
  } catch (error) {
    if (error.name === 'AbortError') show('stopped', 'Stopped');
    else fail(error.message);
  } finally {
    running = undefined;
    element('ask').disabled = false;
    element('stop').disabled = true;
  }
}

function clear() {
  for (const id of ['first', 'speed', 'tokens']) element(id).textContent = '–';
  for (const id of ['answer', 'model', 'problem']) element(id).textContent = '';
  element('problem').hidden = true;
  element('ask').disabled = true;
  element('stop').disabled = false;
}

function fail(message) {
  element('problem').textContent = message;
  element('problem').hidden = false;
  show('failed', 'Not answered');
}

/** `ready` tells a driver that the page listens. */
function show(state, text) {
  element('state').dataset.state = state;
  element('state').textContent = text;
  document.body.dataset.ready = 'yes';
}
