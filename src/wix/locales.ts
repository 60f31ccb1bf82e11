import { ask, type WixClient } from './client.ts';
import { Refusal } from './failures.ts';
import { localesShape } from './wire.ts';

/**
 * The site's main language, as Wix Multilingual spells it (wix-api.md 2.5); `undefined` where the site
 * does not tell, as without Multilingual, or to a key that may not ask.
 */
export async function mainLanguage(client: WixClient): Promise<string | undefined> {
  try {
    const { locales } = await ask(client, localesShape, {
      method: 'POST',
      path: '/locales/v2/locale/query',
      body: { query: {} },
      what: 'read the languages of the site',
    });
    return locales.find(({ primaryLocale }) => primaryLocale)?.id;
  } catch (error) {
    if (error instanceof Refusal && error.status < 500 && error.status !== 429) return undefined;
    throw error;
  }
}
