import { Agent } from 'node:https';
import { afterEach, expect, test } from '@jest/globals';
import { keptConnections } from '../../src/wix/transport.ts';

const before = { ...process.env };

afterEach(() => {
  process.env = { ...before };
});

/** Whether requests to Wix would go through a proxy in this environment. */
async function isProxied(environment: Readonly<Record<string, string>>): Promise<boolean> {
  process.env = { ...environment };
  return !((await keptConnections('https://www.wixapis.com')()) instanceof Agent);
}

const proxy = 'http://proxy.example:3128';

test.each([
  [{ HTTPS_PROXY: proxy }, true],
  [{ https_proxy: proxy }, true],
  [{ HTTP_PROXY: proxy }, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'www.wixapis.com' }, false],
  [{ HTTPS_PROXY: proxy, no_proxy: 'wixapis.com' }, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: '.corp.example, .wixapis.com' }, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: '*' }, false],
  [{ HTTPS_PROXY: proxy, NO_PROXY: 'corp.example' }, true],
  [{ HTTPS_PROXY: proxy, NO_PROXY: '*.wixapis.com' }, true],
])('with %j a request to Wix is proxied: %s', async (environment, proxied) => {
  expect(await isProxied(environment)).toBe(proxied);
});
