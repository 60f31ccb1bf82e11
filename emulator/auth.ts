import { refused, silent, type WixError } from './http/failures.ts';
import type { Request } from './http/request.ts';
import type { Settings } from './settings.ts';
import type { Site } from './site.ts';

/** What an API key may be allowed to do: the vendor's scope ids (wix-api.md 4.1). */
export type Scope =
  | 'SCOPE.DC-DATA.MANAGE_MOVEMENT_JOBS'
  | 'SCOPE.DC-DATA.READ'
  | 'SCOPE.DC-DATA.WRITE'
  | 'SCOPE.DC-DATA.DATA-COLLECTIONS-MANAGE';

export interface ApiKey {
  readonly key: string;
  /** Default: everything. */
  readonly scopes?: readonly Scope[];
}

/**
 * The site that a request speaks of. Throws, as wix-api.md 4.1 says: 401 without a key or with
 * an unknown one, 400 WDE0117 for a prefixed key or a site that does not exist, 403 without a site
 * id or without the permission.
 */
export function authorised(
  request: Request,
  needed: Scope,
  held: {
    readonly keys: readonly ApiKey[];
    readonly sites: ReadonlyMap<string, Site>;
    readonly settings: Settings;
  },
): Site {
  const given = request.headers.authorization;
  if (given === undefined || given === '') throw silent(401);
  if (/^(Bearer|APIKey)\s/i.test(given)) throw metaSiteNotFound();
  const key = held.keys.find((known) => known.key === given);
  if (key === undefined) throw silent(held.settings.wrongKeyStatus);
  const siteId = request.headers['wix-site-id'];
  if (typeof siteId !== 'string' || siteId === '') throw silent(403);
  const site = held.sites.get(siteId);
  if (site === undefined) throw metaSiteNotFound();
  if (key.scopes !== undefined && !key.scopes.includes(needed)) throw silent(403);
  return site;
}

function metaSiteNotFound(): WixError {
  return refused(400, 'WDE0117', 'MetaSite not found.');
}
