import { isIP } from 'node:net';
import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Failure } from '../../src/errors.ts';
import { fileLookup, fileUrl } from '../../src/wix/file-url.ts';

const wix = 'https://www.wixapis.com';

test.each([
  'https://upload.wixmp.com/upload/eyJ0',
  'https://files.example:8443/a?b=c',
  'https://8.8.8.8/a',
  'https://[2606:4700::1111]/a',
  'https://localhost.example.com/a',
])('Wix may name %s for a file', (url) => expect(fileUrl(wix, url)).toBe(url));

test.each([
  'http://127.0.0.1:9/x',
  'https://127.0.0.1/x',
  'https://127.1/x',
  'https://127.255.255.254/x',
  'https://0x7f000001/x',
  'https://0x7f.1/x',
  'https://2130706433/x',
  'https://0177.0.0.1/x',
  'https://017700000001/x',
  'https://①②⑦.⓪.⓪.①/x',
  'https://127%2e0%2e0%2e1/x',
  'https://0/x',
  'https://localhost/x',
  'https://LOCALHOST./x',
  'https://a.localhost/x',
  'https://169.254.169.254/latest/meta-data/',
  'http://169.254.169.254/latest/meta-data/',
  'https://2852039166/latest',
  'https://0xa9fea9fe/latest',
  'https://0251.0376.0251.0376/latest',
  'https://user:secret@169.254.169.254/x',
  'https://10.1.2.3/x',
  'https://10.1/x',
  'https://172.20.0.1/x',
  'https://192.168.1.1/x',
  'https://192.168.257/x',
  'https://100.64.0.1/x',
  'https://198.18.0.1/x',
  'https://255.255.255.255/x',
  'https://239.0.0.1/x',
  'https://[::]/x',
  'https://[::1]/x',
  'https://[0:0:0:0:0:0:0:1]/x',
  'https://[::127.0.0.1]/x',
  'https://[::ffff:10.1.2.3]/x',
  'https://[::ffff:a9fe:a9fe]/x',
  'https://[64:ff9b::169.254.169.254]/x',
  'https://[2002:7f00:1::]/x',
  'https://[fd00::1]/x',
  'https://[fd00:ec2::254]/latest',
  'https://[fe80::1]/x',
  'https://[ff02::1]/x',
  'file:///etc/passwd',
  'ftp://example.com/x',
  'data:text/csv,_id',
  'javascript:1',
  '//example.com/x',
  '/x',
  'not a URL',
  '',
])('Wix does not lead to %s', (url) => {
  expect(() => fileUrl(wix, url)).toThrow(Failure);
  expect(() => fileUrl(wix, url)).toThrow(/not a host for files/);
});

test('a URL without encryption is tried with it', () => {
  expect(fileUrl(wix, 'http://files.example/x?y')).toBe('https://files.example/x?y');
  expect(fileUrl(wix, 'http://files.example/x', 'https://elsewhere.example')).toMatch(/^https:/);
  expect(() => fileUrl(wix, 'http://10.0.0.1/x')).toThrow(Failure);
});

test.each(['//169.254.169.254/x', 'http://127.0.0.1/x', 'https://[::1]/x'])(
  'a redirect does not lead to %s either',
  (location) => {
    expect(() => fileUrl(wix, location, 'https://files.example/a')).toThrow(Failure);
  },
);

test('a redirect within its host is followed', () => {
  const base = 'https://files.example/a/b';
  expect(fileUrl(wix, '../c?d=e', base)).toBe('https://files.example/c?d=e');
});

test.each(['http://127.0.0.1:8080', 'http://localhost:8080', 'http://[::1]:8080'])(
  'the emulator at %s may name this machine',
  (emulator) => {
    const url = 'http://127.0.0.1:8081/files/a';
    expect(fileUrl(emulator, url)).toBe(url);
  },
);

test('an endpoint of the own network may not', () => {
  expect(() => fileUrl('https://10.0.0.5', 'https://10.0.0.5/files/a')).toThrow(Failure);
});

test('the refusal names the host and never the link, which may open the file', () => {
  expect(() => fileUrl(wix, 'https://user:pass@127.0.0.1/files/token?sig=secret')).toThrow(
    expect.objectContaining({
      reason: 'api',
      message: expect.not.stringMatching(/token|secret|pass|user/),
    }),
  );
});

test('whatever is named, it is a URL of the web outside, or refused', () => {
  const name = fc.oneof(
    fc.webUrl({ validSchemes: ['http', 'https', 'ftp'] }),
    fc.ipV4Extended().map((host) => `https://${host}/x`),
    fc.ipV6().map((host) => `https://[${host}]/x`),
    fc.string(),
  );
  fc.assert(
    fc.property(name, (text) => {
      const url = attempt(() => new URL(fileUrl(wix, text)));
      if (url === undefined) return;
      expect(url.protocol).toBe('https:');
      expect(url.hostname).not.toMatch(/^(10|127|0|192\.168|169\.254)\.[\d.]+$|^\[[^23]/);
    }),
    { numRuns: 1_000 },
  );
});

/** Looks a name up among these addresses, as a connection does, for one of them or for all. */
function lookedUp(addresses: readonly string[], all: boolean): Promise<unknown> {
  const found = addresses.map((address) => ({ address, family: isIP(address) }));
  const lookup = fileLookup(wix, (_name, options, callback) => {
    if (options.all) callback(null, found);
    else callback(null, found[0]?.address ?? '', found[0]?.family);
  });
  return new Promise((resolve, reject) => {
    lookup?.('files.example', { all }, (error, address) =>
      error ? reject(error) : resolve(address),
    );
  });
}

test('a name that leads outside is connected to where it leads', async () => {
  expect(await lookedUp(['8.8.8.8'], false)).toBe('8.8.8.8');
  expect(await lookedUp(['8.8.8.8', '2606:4700::1111'], true)).toHaveLength(2);
});

test.each([
  [['169.254.169.254']],
  [['127.0.0.1']],
  [['10.1.2.3']],
  [['::1']],
  [['fe80::1%eth0']],
  [['::ffff:169.254.169.254']],
])('a name that leads to %j is refused', async (addresses) => {
  for (const all of [true, false]) {
    await expect(lookedUp(addresses, all)).rejects.toMatchObject({
      reason: 'api',
      message: expect.stringMatching(/^Wix named files\.example \(.*not a host for files/),
    });
  }
});

test('one inner address among others is enough to refuse a name', async () => {
  await expect(lookedUp(['8.8.8.8', '192.168.0.1'], true)).rejects.toThrow('192.168.0.1');
});

test('the emulator may name this machine by any name', () => {
  expect(fileLookup('http://localhost:8080')).toBeUndefined();
});

test('what cannot be looked up fails as it does elsewhere', async () => {
  const gone = Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' });
  const lookup = fileLookup(wix, (_name, _options, callback) => callback(gone, ''));
  const error = await new Promise((resolve) => lookup?.('a.example', {}, resolve));
  expect(error).toBe(gone);
});

function attempt<T>(action: () => T): T | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof Failure) return undefined;
    throw error;
  }
}
