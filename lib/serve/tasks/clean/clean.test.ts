import { describe, expect, it } from 'vitest';
import type { OptionsOf } from '../read.ts';
import type { ModelTask } from '../task.ts';
import { cleaner } from './clean.ts';

const writing = { expectedContextLanguages: [], expectedInputLanguages: [], sharedContext: '' };
const summarizer = (more: Partial<OptionsOf<'Summarizer'>> = {}): ModelTask => ({
  task: 'Summarizer',
  ...writing,
  format: 'markdown',
  length: 'short',
  type: 'tldr',
  ...more,
});
const writer: ModelTask = { task: 'Writer', ...writing, format: 'markdown', length: 'short', tone: 'neutral' };
const plainWriter: ModelTask = { ...writer, format: 'plain-text' };
const translator: ModelTask = { task: 'Translator', sourceLanguage: 'en', targetLanguage: 'fr' };

/** In every way to cut it in two, character by character, and in one piece: always the same. */
function clean(options: ModelTask, answer: string, input = 'The input.'): string {
  const whole = run(options, [answer], input);
  for (let at = 1; at < answer.length; at++) expect(run(options, [answer.slice(0, at), answer.slice(at)], input)).toBe(whole);
  expect(run(options, [...answer], input)).toBe(whole);
  return whole;
}

function run(options: ModelTask, pieces: string[], input: string): string {
  const filter = cleaner(options, input, options.task === 'Writer' ? 'task' : 'text');
  return pieces.map((piece) => filter.take(piece)).join('') + filter.end();
}

describe('what a model puts around an answer', () => {
  it.each([
    ['Here is the summary:\n\nIt rains.', 'It rains.'],
    ['Sure! Here is a short summary of the text:\nIt rains.', 'It rains.'],
    ['Certainly!\n\nIt rains.', 'It rains.'],
    ['Sure, here is the summary: It rains.', 'It rains.'],
    ['**Summary:** It rains.', 'It rains.'],
    ['Summary:\nIt rains.', 'It rains.'],
    ['TL;DR: It rains.', 'It rains.'],
    ['Voici le résumé :\nIl pleut.', 'Il pleut.'],
    ['以下是摘要：\n下雨了。', '下雨了。'],
    ['```markdown\nIt rains.\n```', 'It rains.'],
    ['```\nIt rains.\n```\nI hope this helps!', 'It rains.'],
    ['"It rains."', 'It rains.'],
    ['“It rains.”', 'It rains.'],
    ['<text>\nIt rains.\n</text>', 'It rains.'],
    ['<think>\nHm, the text says that it rains.\n</think>\n\nIt rains.', 'It rains.'],
    ['It rains.\n\nLet me know if you need anything else!', 'It rains.'],
    ['It rains.\n\nNote: I left out the sun.', 'It rains.'],
    ['  \n It rains. \n', 'It rains.'],
  ])('goes: %j', (answer, expected) => {
    expect(clean(summarizer(), answer)).toBe(expected);
  });

  it.each([
    'Here comes the sun.',
    'Sure enough, it rained.',
    '"Never," said the raven, and left. "Nevermore."',
    'Text messages are dying.',
    'Okay boomers: a study',
    'It rains.\n\nIt snows.',
    'It is `code` at its end: `a`',
    'Notes from underground\n\nNotes again',
  ])('stays where it belongs to the text: %j', (answer) => {
    expect(clean(summarizer(), answer)).toBe(answer);
  });

  it('stays where the text that is translated has it too', () => {
    expect(clean(translator, 'Voici la liste :\n- une pomme', 'Here is the list:\n- an apple')).toBe('Voici la liste :\n- une pomme');
    expect(clean(translator, '"Bonjour"', '"Hello"')).toBe('"Bonjour"');
    expect(clean(translator, '```\nbonjour\n```', '```\nhello\n```')).toBe('```\nbonjour\n```');
    expect(clean(translator, 'Translation: Bonjour', 'Hello')).toBe('Bonjour');
  });

  it('stays where it is markup of the text, which stood between other marks', () => {
    const filter = cleaner(translator, '<svg><text>Hello</text></svg>', 'text-2');
    expect(filter.take('<svg><text>Bonjour</text></svg>') + filter.end()).toBe('<svg><text>Bonjour</text></svg>');
  });

  it('leaves a letter its last sentence', () => {
    const letter = 'Dear Ann,\n\nI am late.\n\nLet me know if that is fine.\n\nBest, Bob';
    expect(clean(writer, letter, 'an email')).toBe(letter);
    expect(clean(writer, 'Dear Ann.\n\nLet me know.', 'an email')).toBe('Dear Ann.\n\nLet me know.');
  });
});

describe('plain text', () => {
  it.each([
    ['# Title\n\nSome **bold** and *soft* words.', 'Title\n\nSome bold and soft words.'],
    ['- one\n- two', '• one\n• two'],
    ['* **One:** first', '• One: first'],
    ['Read [the guide](https://example.com/a) now.', 'Read the guide now.'],
    ['Use `npm test` here.', 'Use npm test here.'],
    ['> quoted\n> more', 'quoted\nmore'],
    ['a\n```js\nlet x;\n```\nb', 'a\nlet x;\nb'],
    ['__bold__ and _soft_', 'bold and soft'],
  ])('has no marks: %j', (answer, expected) => {
    expect(clean(plainWriter, answer)).toBe(expected);
  });

  it.each([
    '2 * 3 * 4 = 24',
    'a snake_case_name and another_one',
    'He [the king] left.',
    'It costs 5* or more',
    '1. first\n2. second',
    'a < b > c',
  ])('keeps what is no mark: %j', (answer) => {
    expect(clean(plainWriter, answer)).toBe(answer);
  });

  it('[F-19] is as quick for a line of nothing but blanks and marks', () => {
    const long = 300_000;
    for (const line of [`${' '.repeat(long)}-${' '.repeat(long)}+`, `x${'\t'.repeat(long)}x`, `# x${' '.repeat(long)}# x`]) {
      expect(run(plainWriter, [line], 'Hi').trim()).not.toBe('');
    }
  });

  it.each([
    ['## Words ##', 'Words'],
    ['# C#', 'C#'],
    ['### A ## b ###  ', 'A ## b'],
    ['#no', '#no'],
  ])('of the heading %j is %j', (line, words) => {
    expect(clean(plainWriter, line).trimEnd()).toBe(words);
  });

  it('is as quick for a line that does not end', () => {
    const filter = cleaner(plainWriter, 'x', 'task');
    let text = '';
    for (let index = 0; index < 3_000; index++) text += filter.take(index % 10 === 0 ? '**word** - ' : 'a word ');
    expect(text + filter.end()).toBe(
      Array.from({ length: 3_000 }, (_, index) => (index % 10 === 0 ? 'word - ' : 'a word '))
        .join('')
        .trimEnd(),
    );
  });

  it('comes while it is written', () => {
    const filter = cleaner(plainWriter, 'x', 'task');
    expect(filter.take('It rains in the morning and ')).toBe('It rains in the morning and');
    expect(filter.take('it is **very')).toBe(' it is ');
    expect(filter.take(' wet** here')).toBe('very wet here');
  });
});

describe('the kinds of summary', () => {
  const list = '- one\n- two\n- three\n- four\n- five';

  it('has no more points than its length allows', () => {
    expect(clean(summarizer({ type: 'key-points' }), list).trimEnd()).toBe('- one\n- two\n- three');
    expect(clean(summarizer({ type: 'key-points', length: 'medium' }), list)).toBe(list);
    expect(clean(summarizer({ type: 'key-points', format: 'plain-text' }), list).trimEnd()).toBe('• one\n• two\n• three');
  });

  it('is one line without a stop as a headline', () => {
    const headline = summarizer({ type: 'headline' });
    expect(clean(headline, '# **Rain falls in Spain.**\n\nIt does.')).toBe('Rain falls in Spain.');
    expect(clean(headline, 'Headline: "Rain falls"')).toBe('Rain falls');
    expect(clean(headline, 'Rain falls in Spain.')).toBe('Rain falls in Spain');
    expect(clean(headline, 'Rain')).toBe('Rain');
    expect(clean(headline, 'Rain falls...')).toBe('Rain falls...');
  });
});
