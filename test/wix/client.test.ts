import { describe, expect, test } from '@jest/globals';
import { htmlError, silentRefusal, tooManyRequests } from '../../emulator/faults.ts';
import { listCollections } from '../../src/wix/collections.ts';
import { against, fakeClock, shop } from './support.ts';

const question = {
  method: 'GET',
  path: '/wix-data/v2/collections',
  what: 'ask',
} as const;

describe('a request that can be repeated rides out', () => {
  test('what the server says how long to wait', async () => {
    await against(shop, async ({ emulator, client, clock }) => {
      emulator.faults.add({ ...tooManyRequests(7), match: { path: '/wix-data/v2/collections*' } });
      await listCollections(client);
      expect(clock.sleeps).toEqual([7_000]);
    });
  });

  test('but never asks earlier than it says: where that is too late for the run, not at all', async () => {
    const clock = fakeClock();
    await against(
      shop,
      async ({ emulator, client }) => {
        const match = { path: '/wix-data/v2/collections*', times: 'always' } as const;
        emulator.faults.add({ ...tooManyRequests(3_600), match });
        await expect(listCollections(client)).rejects.toMatchObject({
          name: 'Failure',
          reason: 'api',
          message:
            'Could not list the collections (HTTP 429). The next try, in 3600 s, would come after the time limit of the run. Run again later, or raise the input timeout-minutes.',
        });
        expect(emulator.requests).toHaveLength(1);
        expect(clock.sleeps).toEqual([]);
      },
      { clock, deadline: clock.now() + 30 * 60_000 },
    );
  });

  test('nor goes on beyond the time of the run', async () => {
    const clock = fakeClock();
    const since = clock.now();
    await against(
      shop,
      async ({ emulator, client }) => {
        const match = { path: '/wix-data/v2/collections*', times: 'always' } as const;
        emulator.faults.add({ ...tooManyRequests(25), match });
        await expect(listCollections(client)).rejects.toThrow(
          'would come after the time limit of the run',
        );
        expect(emulator.requests).toHaveLength(3);
        expect(clock.now() - since).toBeLessThanOrEqual(60_000);
      },
      { clock, deadline: since + 60_000 },
    );
  });

  test('but not for ever', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({ ...htmlError(503), match: { path: '/wix-data/*', times: 'always' } });
      await expect(listCollections(client)).rejects.toMatchObject({
        name: 'Failure',
        reason: 'api',
      });
      expect(emulator.requests).toHaveLength(6);
    });
  });

  test('nor where trying again cannot help', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add({
        ...silentRefusal(403),
        match: { path: '/wix-data/*', times: 'always' },
      });
      await expect(listCollections(client)).rejects.toMatchObject({ reason: 'auth' });
      expect(emulator.requests).toHaveLength(1);
    });
  });
});

describe('a request that cannot be repeated', () => {
  const command = { ...question, once: true } as const;

  test.each([
    ['whose connection breaks', { kind: 'reset', when: 'after' }],
    ['that a gateway fails on', htmlError(502)],
    ['whose answer is no JSON', { kind: 'malformed-json' }],
    ['that is not answered', { kind: 'hang' }],
  ] as const)('%s goes out once, and says that nobody knows', async (_name, fault) => {
    await against(
      shop,
      async ({ emulator, client }) => {
        emulator.faults.add(fault);
        await expect(client.json(command)).rejects.toMatchObject({ name: 'NoAnswer' });
        expect(emulator.requests).toHaveLength(1);
      },
      { timeLimit: 400 },
    );
  });

  test('is sent again after a 429, which says that it was not carried out', async () => {
    await against(shop, async ({ emulator, client }) => {
      emulator.faults.add(tooManyRequests());
      await client.json(command);
      expect(emulator.requests.map(({ status }) => status)).toEqual([429, 200]);
    });
  });
});

describe('the API key', () => {
  test('goes out as it is, with the site id', async () => {
    await against(shop, async ({ emulator, client }) => {
      await client.json(question);
      expect(emulator.requests[0]?.headers).toMatchObject({
        authorization: emulator.apiKey,
        'wix-site-id': emulator.siteId,
        'user-agent': expect.stringContaining('wix-cms-sync'),
      });
    });
  });

  test('is not in a failure, even where Wix repeats it', async () => {
    await against(shop, async ({ emulator, client }) => {
      const body = JSON.stringify({ message: `no such key: ${emulator.apiKey}` });
      emulator.faults.add({ kind: 'answer', status: 401, body });
      const failure = await client.json(question).catch((error: unknown) => error);
      expect(String(failure)).toContain('no such key: ***');
      expect(String(failure)).not.toContain(emulator.apiKey);
    });
  });
});

describe('a cancellation', () => {
  test('ends a request that waits for its answer', async () => {
    await against(shop, async ({ emulator, client, cancel }) => {
      emulator.faults.add({ kind: 'hang' });
      const answer = client.json(question);
      setTimeout(() => cancel(new Error('cancelled')), 20);
      await expect(answer).rejects.toThrow('cancelled');
    });
  });

  test('lets no further request out', async () => {
    await against(shop, async ({ emulator, client, cancel }) => {
      cancel(new Error('cancelled'));
      await expect(client.json(question)).rejects.toThrow('cancelled');
      expect(emulator.requests).toEqual([]);
    });
  });
});

test('four hundred requests, some of them repeated, keep to the limit in every minute', async () => {
  const limit = 120;
  const clock = fakeClock();
  await against(
    { ...shop, clock },
    async ({ emulator, client }) => {
      emulator.faults.add({ ...htmlError(503), match: { nth: 50, times: 3 } });
      for (let i = 0; i < 400; i += 1) await client.json(question);
      const times = emulator.requests.map(({ at }) => at);
      expect(times).toHaveLength(403);
      for (const [i, time] of times.entries()) {
        const earlier = times[i - limit] ?? Number.NEGATIVE_INFINITY;
        expect(time - earlier).toBeGreaterThanOrEqual(60_000);
      }
    },
    { requestsPerMinute: limit, clock },
  );
});
