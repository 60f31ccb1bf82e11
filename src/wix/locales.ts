import type * as v from 'valibot';
import { Failure } from '../errors.ts';
import { ask, type WixClient } from './client.ts';
import { localesShape } from './wire.ts';

export type Locale = v.InferOutput<typeof localesShape>['locales'][number];

/** The languages of the site (wix-api.md 2.5); none if Wix refuses to list them. */
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
