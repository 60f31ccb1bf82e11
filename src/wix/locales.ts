import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask, type WixClient } from './client.ts';
import { localesShape } from './wire.ts';

/** A language of the site; one of them is the main one. */
export type Locale = v.InferOutput<typeof localesShape>['locales'][number];

/** The languages of the site (wix-api.md 2.5); none where Wix does not tell this key. */
export async function siteLocales(client: WixClient): Promise<readonly Locale[]> {
  const request = {
    method: 'POST',
    path: '/locales/v2/locale/query',
    body: { query: {} },
  } as const;
  try {
    const what = 'look up the languages of the site';
    return (await ask(client, localesShape, { ...request, what })).locales;
  } catch (error) {
    if (error instanceof Failure && !['cancelled', 'timeout'].includes(error.reason)) return [];
    throw error;
  }
}
