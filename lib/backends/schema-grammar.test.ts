import { Validator } from '@cfworker/json-schema';
import { describe, expect, it } from 'vitest';
import type { JsonValue } from '../protocol/json.ts';
import { conformingValue } from '../testing/schema-value.ts';
import { formatGrammar } from './format-grammar.ts';
import { schemaGrammar } from './schema-grammar.ts';

const person = {
  type: 'object',
  properties: {
    name: { type: 'string' },
    age: { type: 'integer' },
    tags: { type: 'array', items: { enum: ['a', 'b'] }, minItems: 1, maxItems: 3 },
    note: { type: ['string', 'null'] },
  },
  required: ['name', 'tags'],
  additionalProperties: false,
};

describe('schemaGrammar', () => {
  it.each<[string, JsonValue, JsonValue[], JsonValue[]]>([
    [
      'an object with optional parts',
      person,
      [
        { name: 'x', tags: ['a'] },
        { name: 'q"\\ü\n', age: -3, tags: ['a', 'b', 'a'], note: null },
        { name: '', tags: ['b'], note: 'n' },
      ],
      [{ name: 'x' }, { tags: ['a'] }, { name: 'x', tags: [] }, { name: 'x', tags: ['a', 'a', 'a', 'a'] }, { name: 'x', tags: ['c'] }, 'x'],
    ],
    [
      'an object of optional parts alone',
      { type: 'object', properties: { a: { type: 'boolean' }, b: { const: 1 }, c: { type: 'null' } } },
      [{}, { a: true }, { b: 1 }, { c: null }, { a: false, b: 1 }, { a: true, c: null }, { a: true, b: 1, c: null }],
      [{ b: 2 }, { d: 1 }, []],
    ],
    ['any object', { type: 'object' }, [{}, { a: [1, { b: null }] }], [[], 1, 'x']],
    ['a map', { type: 'object', additionalProperties: { type: 'number' } }, [{}, { a: 1.5, b: -2e9 }], [{ a: 'x' }]],
    ['nothing but braces', { type: 'object', additionalProperties: false }, [{}], [{ a: 1 }]],
    ['anything', {}, [1, 'x', null, [true], { a: {} }], []],
    [
      'one of several',
      { anyOf: [{ type: 'integer' }, { type: 'array', items: { type: 'boolean' } }] },
      [5, [], [true, false]],
      ['x', [1], 1.5],
    ],
    [
      'joined parts',
      {
        allOf: [
          { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
          { properties: { b: { type: 'string' } }, required: ['b'] },
        ],
      },
      [{ a: 1, b: 'x' }],
      [{ a: 1 }, { b: 'x' }],
    ],
    ['a tuple', { prefixItems: [{ type: 'string' }, { type: 'integer' }] }, [['x', 1]], [['x'], [1, 'x'], ['x', 1, 2]]],
    ['texts of a length', { type: 'string', minLength: 2, maxLength: 4 }, ['ab', 'abc', 'abcd', 'ü👋'], ['a', 'abcde', '']],
    ['texts up to a length', { type: 'string', maxLength: 2 }, ['', 'a', 'ab'], ['abc']],
    [
      'what refers to itself',
      {
        $ref: '#/$defs/node',
        $defs: {
          node: { type: 'object', properties: { next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] } }, required: ['next'] },
        },
      },
      [{ next: null }, { next: { next: { next: null } } }],
      [{}, { next: 1 }],
    ],
  ])('matches %s, and nothing else', (_what, schema, good, bad) => {
    const grammar = schemaGrammar(schema);
    for (const value of good) {
      expect(matches(grammar, JSON.stringify(value)), JSON.stringify(value)).toBe(true);
      expect(new Validator(schema as object).validate(value).valid, JSON.stringify(value)).toBe(true);
    }
    for (const value of bad) expect(matches(grammar, JSON.stringify(value)), JSON.stringify(value)).toBe(false);
    const conforming = JSON.stringify(conformingValue(schema));
    expect(matches(grammar, conforming), conforming).toBe(true);
  });

  it('lets a model write a blank or a line break between the parts', () => {
    const grammar = schemaGrammar(person);
    expect(matches(grammar, '{ "name": "x", "tags": [ "a", "b" ] }')).toBe(true);
    expect(matches(grammar, '{\n"name": "x",\n"tags": ["a"]\n}')).toBe(true);
  });

  it('says what no grammar can hold', () => {
    expect(() => schemaGrammar({ type: 'string', pattern: '^a' })).toThrow(expect.objectContaining({ code: 'not-supported' }));
    expect(() => schemaGrammar({ $ref: '#/nowhere' })).toThrow(expect.objectContaining({ code: 'bad-request' }));
    expect(() => schemaGrammar({ $ref: 'https://example.com/schema' })).toThrow(expect.objectContaining({ code: 'bad-request' }));
  });

  it('is one of four ways to a grammar', () => {
    expect(matches(formatGrammar({ type: 'json' }), '{"a": [1, 2]}')).toBe(true);
    expect(matches(formatGrammar({ type: 'json' }), '[1]')).toBe(false);
    expect(matches(formatGrammar({ type: 'regex', pattern: 'a+|b' }), 'aaa')).toBe(true);
    expect(formatGrammar({ type: 'grammar', grammar: 'root ::= "x"' })).toBe('root ::= "x"');
  });
});

/** Whether a GBNF grammar matches a whole text. Small and slow: each step gives all ends that a piece can have. */
function matches(grammar: string, text: string): boolean {
  const characters = [...text];
  const rules = new Map(grammar.split('\n').map((line) => line.split(/ ::= (.*)/s) as [string, string]));
  return run(rules.get('root') ?? '', 0).has(characters.length);

  function run(source: string, start: number): Set<number> {
    return alternatives(parse(source), start);
  }

  function alternatives(options: Term[][], start: number): Set<number> {
    return new Set(options.flatMap((terms) => [...sequence(terms, start)]));
  }

  function sequence(terms: Term[], start: number): Set<number> {
    let ends = new Set([start]);
    for (const term of terms) ends = new Set([...ends].flatMap((end) => [...repeated(term, end)]));
    return ends;
  }

  function repeated(term: Term, start: number): Set<number> {
    const { repeat } = term;
    if (repeat === '') return once(term, start);
    const found = new Set(repeat === '+' ? [] : [start]);
    let edge = once(term, start);
    while (edge.size > 0) {
      const fresh = [...edge].filter((end) => !found.has(end));
      for (const end of fresh) found.add(end);
      edge = repeat === '?' ? new Set() : new Set(fresh.flatMap((end) => [...once(term, end)]));
    }
    return found;
  }

  function once(term: Term, start: number): Set<number> {
    if (term.group) return alternatives(term.group, start);
    if (term.rule !== undefined) return run(rules.get(term.rule) ?? fail(term.rule), start);
    if (term.set) return characters[start] !== undefined && term.set(characters[start] ?? '') ? new Set([start + 1]) : new Set();
    const literal = [...(term.literal ?? '')];
    return literal.every((character, index) => characters[start + index] === character) ? new Set([start + literal.length]) : new Set();
  }
}

interface Term {
  literal?: string;
  rule?: string;
  set?(character: string): boolean;
  group?: Term[][];
  repeat: string;
}

function parse(source: string): Term[][] {
  let at = 0;
  return options();

  function options(): Term[][] {
    const all: Term[][] = [[]];
    for (;;) {
      while (source[at] === ' ') at++;
      if (at >= source.length || source[at] === ')') return all;
      if (source[at] === '|') {
        at++;
        all.push([]);
      } else all.at(-1)?.push(term());
    }
  }

  function term(): Term {
    const found = atom();
    const repeat = /[*+?]/.test(source[at] ?? '') ? (source[at++] ?? '') : '';
    return { ...found, repeat };
  }

  function atom(): Omit<Term, 'repeat'> {
    if (source[at] === '(') {
      at++;
      const group = options();
      at++;
      return { group };
    }
    const literal = /"((?:[^"\\]|\\.)*)"/y;
    const set = /\[((?:[^\]\\]|\\.)*)\]/y;
    const rule = /[\w-]+/y;
    for (const pattern of [literal, set, rule]) pattern.lastIndex = at;
    const text = literal.exec(source);
    if (text) {
      at = literal.lastIndex;
      return { literal: plain(text[1] ?? '') };
    }
    const characters = set.exec(source);
    if (characters) {
      at = set.lastIndex;
      const body = new RegExp(`^[${characters[1]}]$`, 'u');
      return { set: (character) => body.test(character) };
    }
    const name = rule.exec(source) ?? fail(source.slice(at));
    at = rule.lastIndex;
    return { rule: name[0] };
  }
}

function plain(text: string): string {
  return text.replace(/\\(.)/gs, (_, character: string) => ({ n: '\n', r: '\r', t: '\t' })[character] ?? character);
}

function fail(what: string): never {
  throw new Error(`The grammar has no ${what}.`);
}
