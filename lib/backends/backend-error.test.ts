import { describe, expect, it } from 'vitest';
import type { ErrorCode } from '../protocol/errors.ts';
import { pageError } from '../protocol/page-errors.ts';
import { backendError, type ErrorContext, errorDetail } from './backend-error.ts';

const context: ErrorContext = {
  host: '10.1.2.3:8080',
  place: 'network',
  secrets: [],
  service: { label: 'Ollama', originHint: 'Set OLLAMA_ORIGINS.' },
};

/** What real servers say, and what it means. */
const said: [server: string, status: number | undefined, body: unknown, code: ErrorCode][] = [
  ['OpenRouter, key limit', 403, { error: { message: 'Key limit exceeded (total limit).', code: 403 } }, 'payment-required'],
  ['OpenRouter, ability', 404, { error: { message: 'No endpoints found that support image input', code: 404 } }, 'not-supported'],
  [
    'OpenRouter, company',
    400,
    {
      error: {
        message: 'Provider returned error',
        code: 400,
        metadata: { raw: '{"error":{"message":"prompt is too long: 210000 tokens > 200000 maximum"}}', provider_name: 'X' },
      },
    },
    'context-length',
  ],
  [
    'Anthropic, usage',
    400,
    { type: 'error', error: { type: 'invalid_request_error', message: 'You have reached your specified API usage limits.' } },
    'payment-required',
  ],
  [
    'Together, dedicated',
    400,
    { error: { message: 'Unable to access non-serverless model a/b.', type: 'invalid_request_error', code: 'model_not_available' } },
    'model-not-found',
  ],
  ['KoboldAI, busy', 503, { detail: { msg: 'Server is busy; please try again later.', type: 'service_unavailable' } }, 'overloaded'],
  ['KoboldAI, no model', 501, { detail: { msg: 'No model loaded', type: 'not_implemented' } }, 'model-not-found'],
  ['KoboldAI, overflow', 500, { detail: { msg: 'Too many tokens', type: 'token_overflow' } }, 'context-length'],
  ['KoboldAI, validation', 422, { detail: { max_length: ['Must be less than 512.'] } }, 'bad-request'],
  ['KoboldAI, path', 404, { detail: { msg: 'Not found', type: 'generic.error_404' } }, 'bad-response'],
  [
    'KoboldCpp, key',
    401,
    { detail: { error: 'Unauthorized', msg: 'Authentication key is missing or invalid.', type: 'unauthorized' } },
    'unauthorized',
  ],
  ['KoboldCpp, too big', 500, { detail: { msg: 'Payload is too big. Max payload size is 32MB', type: 'bad_input' } }, 'backend-error'],
  ['text-generation-webui, key', 401, { detail: 'Unauthorized' }, 'unauthorized'],
  ['text-generation-webui, Host', 400, { detail: 'Invalid host header' }, 'bad-request'],
  ['text-generation-webui, crash', 500, 'Internal Server Error', 'backend-error'],
  [
    'FastAPI, validation',
    422,
    { detail: [{ type: 'missing', loc: ['body', 'messages'], msg: 'Field required', input: { prompt: 'SECRET' } }] },
    'bad-request',
  ],
  ['TabbyAPI, key', 401, { detail: 'Please provide an API key' }, 'unauthorized'],
  ['TabbyAPI, no model', 503, { detail: 'No models are currently loaded.' }, 'model-not-found'],
  ['TabbyAPI, overflow', 400, { error: { message: 'Prompt length 9000 is greater', code: 'context_length_exceeded' } }, 'context-length'],
  ['llama.cpp, key', 401, { error: { message: 'Invalid API Key', type: 'authentication_error', code: 401 } }, 'unauthorized'],
  ['llama.cpp, loading', 503, { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } }, 'loading'],
  [
    'llama.cpp, overflow',
    400,
    {
      error: {
        code: 400,
        message: 'request (9000 tokens) exceeds the available context size (8192 tokens), try increasing it',
        type: 'exceed_context_size_error',
      },
    },
    'context-length',
  ],
  [
    'llama.cpp, picture',
    500,
    {
      error: {
        code: 500,
        message: 'image input is not supported - hint: if this is unexpected, you may need to provide the mmproj',
        type: 'server_error',
      },
    },
    'not-supported',
  ],
  ['llama.cpp, tools', 500, { error: { code: 500, message: 'tools param requires --jinja flag', type: 'server_error' } }, 'not-supported'],
  ['llama.cpp, router', 400, { error: { code: 400, message: "model 'x' not found", type: 'invalid_request_error' } }, 'model-not-found'],
  ['Ray Serve, model', 404, { error: { message: 'Could not find model with id=x', type: 'NotFoundError', code: 404 } }, 'model-not-found'],
  ['llama.cpp, path', 404, { error: { message: 'File Not Found', type: 'not_found_error', code: 404 } }, 'bad-response'],
  [
    'llama.cpp, embeddings',
    501,
    { error: { code: 501, message: 'This server does not support embeddings. Start it with `--embeddings`', type: 'not_supported_error' } },
    'not-supported',
  ],
  ['llama.cpp, in the stream', undefined, { error: { code: 500, message: 'Compute error.', type: 'server_error' } }, 'backend-error'],
  ['llama.cpp, old, in the stream', undefined, { code: 500, message: 'Compute error.', type: 'server_error' }, 'backend-error'],
  ['Ollama, model', 404, { error: "model 'x' not found" }, 'model-not-found'],
  ['Ollama, model to pull', 404, { error: 'model "x" not found, try pulling it first' }, 'model-not-found'],
  ['Ollama, ability', 400, { error: '"x" does not support tools' }, 'not-supported'],
  ['Ollama, busy', 503, { error: 'server busy, please try again.  maximum pending requests exceeded' }, 'overloaded'],
  ['Ollama, cloud', 401, { error: 'unauthorized', signin_url: 'https://ollama.com/x' }, 'unauthorized'],
  ['Ollama, path', 404, '404 page not found', 'bad-response'],
  ['Ollama, Origin', 403, '', 'unauthorized'],
  ['LM Studio, path', 200, { error: 'Unexpected endpoint or method. (POST /chat/completions)' }, 'bad-response'],
  [
    'LM Studio, model',
    404,
    { error: { message: 'Model "x" not found. Please specify a valid one.', code: 'model_not_found' } },
    'model-not-found',
  ],
  [
    'LM Studio, nothing loaded',
    400,
    { error: { message: 'No models loaded. Please load a model in the developer page.' } },
    'model-not-found',
  ],
  ['LM Studio, load', 400, { error: { message: 'Failed to load model "x". Error: not enough memory.' } }, 'model-not-found'],
  [
    'LM Studio, overflow',
    undefined,
    {
      error: {
        message:
          'The number of tokens to keep from the initial prompt is greater than the context length. Try to load the model with a larger one.',
      },
    },
    'context-length',
  ],
  ['vLLM, key', 401, { error: 'Unauthorized' }, 'unauthorized'],
  [
    'vLLM, model',
    404,
    { error: { message: 'The model `x` does not exist.', type: 'NotFoundError', param: 'model', code: 404 } },
    'model-not-found',
  ],
  [
    'vLLM, overflow',
    400,
    {
      error: {
        message: "This model's maximum context length is 8192 tokens. However, you requested 9000",
        type: 'BadRequestError',
        code: 400,
      },
    },
    'context-length',
  ],
  [
    'vLLM, old',
    400,
    { object: 'error', message: 'top_p must be in (0, 1]', type: 'BadRequestError', param: null, code: 400 },
    'bad-request',
  ],
  [
    'OpenAI, key',
    401,
    { error: { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' } },
    'unauthorized',
  ],
  [
    'OpenAI, quota',
    429,
    { error: { message: 'You exceeded your current quota', type: 'insufficient_quota', code: 'insufficient_quota' } },
    'payment-required',
  ],
  [
    'OpenAI, rate',
    429,
    { error: { message: 'Rate limit reached for gpt-4o', type: 'tokens', code: 'rate_limit_exceeded' } },
    'rate-limited',
  ],
  [
    'OpenAI, model',
    404,
    { error: { message: 'The model `x` does not exist or you do not have access to it.', code: 'model_not_found' } },
    'model-not-found',
  ],
  [
    'OpenAI, Responses only',
    404,
    {
      error: {
        message: 'This is not a chat model and thus not supported in the v1/chat/completions endpoint.',
        type: 'invalid_request_error',
      },
    },
    'model-not-found',
  ],
  [
    'OpenAI, parameter',
    400,
    {
      error: {
        message: "Unsupported parameter: 'max_tokens' is not supported with this model.",
        param: 'max_tokens',
        code: 'unsupported_parameter',
      },
    },
    'bad-request',
  ],
  [
    'OpenAI, overflow',
    400,
    { error: { message: "This model's maximum context length is 8192 tokens.", code: 'context_length_exceeded' } },
    'context-length',
  ],
  [
    'OpenAI, country',
    403,
    { error: { message: 'Country, region, or territory not supported', code: 'unsupported_country_region_territory' } },
    'unauthorized',
  ],
  [
    'Azure, filter',
    400,
    {
      error: {
        message: "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
        code: 'content_filter',
      },
    },
    'content-filter',
  ],
  ['OpenRouter, credit', 402, { error: { code: 402, message: 'Insufficient credits' } }, 'payment-required'],
  [
    'OpenRouter, moderation',
    403,
    { error: { code: 403, message: 'Input was flagged', metadata: { reasons: ['violence'], flagged_input: 'SECRET' } } },
    'content-filter',
  ],
  ['OpenRouter, route', 404, { error: { code: 404, message: 'No endpoints found for vendor/model.' } }, 'model-not-found'],
  ['OpenRouter, provider', 502, { error: { code: 502, message: 'Provider returned error' } }, 'overloaded'],
  [
    'OpenRouter, in the stream',
    undefined,
    { id: 'gen-1', error: { code: 429, message: 'slow down', metadata: { error_type: 'rate_limit_exceeded' } }, choices: [] },
    'rate-limited',
  ],
  ['Gemini, in a list', 400, [{ error: { code: 400, message: 'API key not valid', status: 'INVALID_ARGUMENT' } }], 'bad-request'],
  ['Anthropic', 529, { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } }, 'overloaded'],
  ['a proxy', 504, '<html><h1>504 Gateway Time-out</h1></html>', 'timeout'],
  ['a proxy, size', 413, '<html>too large</html>', 'too-large'],
  ['a proxy, method', 405, 'Method Not Allowed', 'bad-response'],
  ['anything, teapot', 418, '', 'bad-request'],
  ['anything, 599', 599, '', 'backend-error'],
  ['nothing said', undefined, {}, 'backend-error'],
];

describe('backendError', () => {
  it.each(said)('understands %s (%s)', (_server, status, body, code) => {
    expect(backendError(body, context, { ...(status !== undefined && { status }) }).code).toBe(code);
    expect(backendError(JSON.stringify(body), context, { ...(status !== undefined && { status }) }).code).toBe(code);
  });

  it.each(said)('writes a sentence for %s (%s), and one a page may read', (_server, status, body) => {
    const error = backendError(body, context, { ...(status !== undefined && { status }) });
    expect(error.message).toMatch(/^[A-Z1].*[.?"]$/s);
    expect(error.message).not.toContain('SECRET');
    expect(error.message).not.toContain('<');
    expect(pageError(error).message).not.toContain('10.1.2.3');
  });

  it('quotes the server, without addresses where a page reads along', () => {
    const message = 'bad field at http://10.0.0.9:9000/v1 in /home/user/server/main.py on 10.1.2.3:8080, see org/model';
    expect(backendError({ error: { message } }, context, { status: 400 }).message).toBe(
      'The model\'s server did not accept the request (400). It says: "bad field at (address) in (path) on (address), see org/model"',
    );
    expect(backendError({ error: { message } }, context, { status: 500 }).message).toContain('http://10.0.0.9:9000/v1');
  });

  it('cuts long quotations and hides keys in them', () => {
    const key = 'hunter2-hunter2';
    const error = backendError(`${'x'.repeat(290)} ${key} ${'y'.repeat(1000)}`, { ...context, secrets: [key] }, { status: 500 });
    expect(error.message.length).toBeLessThan(420);
    expect(error.message).not.toContain('hunter2');
  });

  it('knows a key that is missing from one that is wrong', () => {
    expect(backendError('', { ...context, keySent: true }, { status: 401 }).message).toContain('refused the key');
    expect(backendError('', { ...context, keySent: false }, { status: 401 }).message).toContain('asks for a key');
  });

  it('explains an empty 403: the server refuses extensions', () => {
    expect(backendError('', context, { status: 403 }).message).toContain('Set OLLAMA_ORIGINS.');
    expect(backendError('', { host: 'h', place: 'device', secrets: [] }, { status: 403 }).message).toContain('moz-extension://*');
    expect(backendError('', { host: 'h', place: 'company', secrets: [] }, { status: 403 }).message).toContain(
      'what the key and the account may use',
    );
  });

  it('carries the wait, the parameter, and that the path was wrong', () => {
    expect(backendError({}, context, { status: 429, retryAfterSeconds: 7 })).toMatchObject({ retryAfterSeconds: 7, status: 429 });
    expect(backendError({ error: { message: 'x', availability: { retry_after: 9 } } }, context, { status: 503 }).retryAfterSeconds).toBe(9);
    const refused = backendError({ error: { message: 'no', code: 'unsupported_parameter', param: 'seed' } }, context, { status: 400 });
    expect(errorDetail(refused)).toMatchObject({ kind: 'unsupported_parameter', param: 'seed' });
    expect(errorDetail(backendError('', context, { status: 404 }))).toMatchObject({ wrongPath: true });
    expect(errorDetail(new Error('other'))).toBeUndefined();
  });
});
