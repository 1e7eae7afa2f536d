import { describe, expect, it } from 'vitest';
import { SwitchboardError } from '../protocol/errors.ts';
import { normaliseBaseUrl, placeOf } from './url.ts';

describe('normaliseBaseUrl', () => {
  it.each([
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080'],
    [' http://127.0.0.1:8080/ ', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080/v1', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080/v1/', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:8080//v1//models', 'http://127.0.0.1:8080'],
    ['http://127.0.0.1:5001/api', 'http://127.0.0.1:5001'],
    ['http://127.0.0.1:5001/api/v1', 'http://127.0.0.1:5001'],
    ['http://127.0.0.1:11434/api/chat', 'http://127.0.0.1:11434'],
    ['https://openrouter.ai/api/v1/chat/completions', 'https://openrouter.ai'],
    ['https://gateway.example/llm/v1', 'https://gateway.example/llm'],
    ['https://gateway.example/v1beta/openai/', 'https://gateway.example/v1beta/openai'],
    ['https://gateway.example/api/v3', 'https://gateway.example/api/v3'],
    ['https://gateway.example/chat', 'https://gateway.example/chat'],
    ['127.0.0.1:8080', 'http://127.0.0.1:8080'],
    ['localhost:1234/v1', 'http://localhost:1234'],
    ['localhost.:1234', 'http://localhost:1234'],
    ['my-server', 'http://my-server'],
    ['192.168.1.7:5000', 'http://192.168.1.7:5000'],
    ['api.openai.com', 'https://api.openai.com'],
    ['//api.openai.com', 'https://api.openai.com'],
    ['HTTP://LOCALHOST:80/', 'http://localhost'],
    ['http://0.0.0.0:8080', 'http://127.0.0.1:8080'],
    ['[::]:11434', 'http://127.0.0.1:11434'],
    ['http://0x7f000001:8080', 'http://127.0.0.1:8080'],
    ['http://2130706433', 'http://127.0.0.1'],
    ['http://[::1]:8080/v1', 'http://[::1]:8080'],
  ])('brings %s to %s', (input, expected) => {
    expect(normaliseBaseUrl(input)).toBe(expected);
  });

  it.each([
    ['', 'empty'],
    ['   ', 'empty'],
    ['file:///etc/passwd', 'not with file:'],
    ['ftp://host/', 'not with ftp:'],
    ['javascript:alert(1)', 'not with javascript:'],
    ['data:text/plain,hi', 'not with data:'],
    ['chrome-extension://abc/', 'not with chrome-extension:'],
    ['ws://127.0.0.1:5005', 'not with ws:'],
    ['about:blank', 'not with about:'],
    ['http://user:secret@127.0.0.1', 'user name or password'],
    ['https://api.openai.com%2f@evil.example/', 'user name or password'],
    ['https://api.openai.com\\@evil.example/', 'backslash'],
    ['http://127.0.0.1:8080/v1?key=1', '"?"'],
    ['http://127.0.0.1:8080/?', '"?"'],
    ['http://127.0.0.1:8080/#top', '"#"'],
    ['http://127.0.0.1:8080/\nv1', 'line break'],
    ['http://127.0.0.1 :8080', 'space'],
    ['http://host\u0000/', 'space'],
    ['http://169.254.169.254/latest', 'metadata'],
    ['http://[::ffff:169.254.169.254]/', 'metadata'],
    ['http://metadata.google.internal', 'metadata'],
    ['http://', 'not an address'],
    ['http://127.0.0.1:99999', 'not an address'],
    ['http://exa%mple', 'not an address'],
  ])('refuses %j and says why', (input, reason) => {
    const error = refusalOf(input);
    expect(error).toBeInstanceOf(SwitchboardError);
    expect(error).toMatchObject({ code: 'bad-request', message: expect.stringContaining(reason) });
    expect(error?.message).not.toContain('secret');
  });
});

describe('placeOf', () => {
  it.each([
    ['http://127.0.0.1:1', 'device'],
    ['http://127.1', 'device'],
    ['http://0.0.0.0', 'device'],
    ['http://localhost', 'device'],
    ['http://localhost.', 'device'],
    ['http://app.localhost', 'device'],
    ['http://[::1]', 'device'],
    ['http://[::ffff:127.0.0.1]', 'device'],
    ['http://10.1.2.3', 'network'],
    ['http://172.31.0.1', 'network'],
    ['http://192.168.0.2', 'network'],
    ['http://169.254.3.4', 'network'],
    ['http://100.101.102.103', 'network'],
    ['http://[fd12::1]', 'network'],
    ['http://[fe80::1]', 'network'],
    ['http://[::ffff:192.168.0.2]', 'network'],
    ['http://nas', 'network'],
    ['http://nas.local', 'network'],
    ['http://box.tail1234.ts.net', 'network'],
    ['https://172.32.0.1', 'company'],
    ['https://8.8.8.8', 'company'],
    ['https://[2001:db8::1]', 'company'],
    ['https://api.openai.com', 'company'],
    ['https://127.0.0.1.nip.io', 'company'],
  ])('says %s is on the %s', (url, place) => {
    expect(placeOf(url)).toBe(place);
  });
});

function refusalOf(input: string): SwitchboardError | undefined {
  try {
    normaliseBaseUrl(input);
    return undefined;
  } catch (error) {
    return error as SwitchboardError;
  }
}
