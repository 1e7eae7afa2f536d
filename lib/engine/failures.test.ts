import { describe, expect, test } from 'vitest';
import { actionFailed, answerFailure, countedTokens, isHarmless, loadFailure } from './failures.ts';

/** Lines as llama.cpp b11364 logs them. */
const lines = {
  corrupted:
    "llama_model_load: error loading model: tensor 'blk.1.ffn_down.weight' data is not within the file bounds, model is corrupted or incomplete",
  unknown: "llama_model_load: error loading model: error loading model architecture: unknown model architecture: 'newest'",
  memory: 'llama_init_from_model: failed to initialize the context: std::bad_alloc',
  schema:
    'Unable to generate parser for this template. Automatic parser generation failed: JSON schema error at #: unrecognized type nonsense',
  roles: 'While executing CallExpression at line 3: Jinja Exception: Conversation roles must alternate user/assistant/user/assistant/...',
};

function runtimeError(message: string): Error {
  return Object.assign(new Error(message), { name: 'RuntimeError' });
}

describe('a model that does not load', () => {
  test.each([
    [[lines.corrupted], /damaged.*add it again/],
    [[lines.unknown], /"newest".*Choose another model/],
    [[lines.memory], /more memory/],
    [[], /could not be loaded/],
  ])('%s', (said, message) => {
    expect(loadFailure('Some model', said)).toMatchObject({ code: 'backend-error', message: expect.stringMatching(message) });
  });

  test('a browser without the WebAssembly for it', () => {
    expect(loadFailure('Some model', [], new Error('WebAssembly runtime does not support SIMD'))).toMatchObject({ code: 'not-supported' });
  });
});

describe('a model that does not answer', () => {
  test('because the prompt is too long: both numbers are named', () => {
    const error = new Error('request (4008 tokens) exceeds the available context size (1024 tokens), try increasing it');

    expect(answerFailure(error, [])).toMatchObject({ code: 'context-length', message: expect.stringMatching(/4008 tokens.*1024 at most/) });
    expect(countedTokens(error)).toBe(4008);
  });

  test.each([
    ['a schema', runtimeError(actionFailed), [lines.schema], 'bad-request', /JSON schema/],
    ['a grammar', new Error('Failed to initialize samplers: failed to parse grammar'), [], 'bad-request', /GBNF/],
    ['the order of the messages', runtimeError(actionFailed), [lines.roles], 'bad-request', /roles must alternate/],
    ['something in the request', runtimeError(actionFailed), [], 'bad-request', /chat template refused/],
    ['memory', runtimeError('memory access out of bounds'), [], 'backend-error', /out of memory/],
    ['nobody knows what', runtimeError('(ABORT) '), [], 'backend-error', /Try again/],
  ])('because of %s', (_, error, said, code, message) => {
    expect(answerFailure(error, said)).toMatchObject({ code, message: expect.stringMatching(message) });
  });

  test('prompts that stand in a log line stay out of the message', () => {
    const failure = answerFailure(runtimeError(actionFailed), ['error while parsing: my secret diary', lines.roles]);

    expect(failure.message).not.toContain('diary');
  });
});

test('a refused request leaves the model as it is, a crash does not', () => {
  expect(isHarmless(runtimeError(actionFailed))).toBe(true);
  expect(isHarmless(new Error('failed to parse grammar'))).toBe(true);
  expect(isHarmless(runtimeError('(ABORT) '))).toBe(false);
  expect(isHarmless(runtimeError('memory access out of bounds'))).toBe(false);
});
