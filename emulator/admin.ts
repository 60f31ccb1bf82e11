import type { Faults, JobFault, RequestFault } from './faults.ts';
import { forms } from './forms.ts';
import { invalid, notFound } from './http/failures.ts';
import type { RequestRecord } from './http/http.ts';
import { type Answer, ok, payloadOf, type Request } from './http/request.ts';
import type { Job } from './jobs/jobs.ts';
import { type JsonObject, objectAt, textAt, textsAt } from './json.ts';
import type { CollectionSeed } from './schema.ts';
import type { Settings } from './settings.ts';
import type { Site } from './site.ts';

/** What a person, or another process, may look at and change below `/emulator/`. */
export interface AdminHost {
  readonly sites: ReadonlyMap<string, Site>;
  readonly settings: Settings;
  readonly faults: Faults;
  readonly requests: RequestRecord[];
  readonly jobs: (site: Site) => readonly Job[];
  readonly expireUploadUrls: () => void;
}

/** Answers a request below `/emulator/`; no key is needed, and the journal leaves it out. */
export function answerAdmin(request: Request, host: AdminHost): Answer {
  const payload = payloadOf(request);
  switch (`${request.method} ${request.segments.slice(1).join('/')}`) {
    case 'GET state':
      return ok(stateOf(host));
    case 'GET requests':
      return ok({ requests: host.requests.map(withoutKey) });
    case 'DELETE requests':
      host.requests.length = 0;
      return ok({});
    case 'PATCH settings':
      return changeSettings(payload, host);
    case 'POST faults':
      host.faults.add(requestFault(payload));
      return ok({});
    case 'POST job-faults':
      host.faults.addToJob(jobFault(payload));
      return ok({});
    case 'POST rejections':
      return rejectRows(payload, host);
    case 'DELETE faults':
      host.faults.clear();
      return ok({});
    case 'POST expire-upload-urls':
      host.expireUploadUrls();
      return ok({});
    default:
      return editSite(request, payload, siteNamed(payload, host));
  }
}

function editSite(request: Request, payload: JsonObject, site: Site): Answer {
  const collection = textAt(payload, 'collection') ?? '';
  const id = textAt(payload, 'id') ?? '';
  switch (`${request.method} ${request.segments.slice(1).join('/')}`) {
    case 'POST collections':
      return ok(site.addCollection(collectionSeed(payload)).schema);
    case 'POST items':
      return ok(site.insert(collection, objectAt(payload, 'item')));
    case 'PATCH items':
      return ok(site.edit(collection, id, changesOf(objectAt(payload, 'changes'))));
    case 'DELETE items':
      site.remove(collection, id);
      return ok({});
    case 'POST translations':
      site.translate(
        textAt(payload, 'itemId') ?? '',
        textAt(payload, 'field') ?? '',
        textAt(payload, 'language') ?? '',
        textAt(payload, 'text') ?? '',
        payload.published !== false,
      );
      return ok({});
    default:
      throw notFound(`${request.method} ${request.path}`);
  }
}

function stateOf({ sites, settings, jobs }: AdminHost): unknown {
  return {
    settings,
    sites: [...sites.values()].map((site) => ({
      id: site.id,
      locales: site.locales,
      collections: [...site.collections.values()].map(({ schema, items }) => ({
        schema,
        items: [...items.values()],
      })),
      translations: [...site.translations.values()],
      jobs: jobs(site),
    })),
  };
}

function siteNamed(payload: JsonObject, { sites }: AdminHost): Site {
  const id = textAt(payload, 'site');
  const site = id === undefined ? [...sites.values()][0] : sites.get(id);
  if (site === undefined) throw notFound(`Site ${id ?? ''}`);
  return site;
}

function changeSettings(payload: JsonObject, { settings }: AdminHost): Answer {
  const noSettings = Object.keys(payload).filter((key) => !(key in settings));
  const noForms = (textsAt(payload, 'forms') ?? []).filter((name) => !(name in forms));
  const violations = [
    ...noSettings.map((field) => ({ field, description: 'is no setting' })),
    ...noForms.map((name) => ({ field: 'forms', description: `has ${name}, which is no form` })),
  ];
  if (violations.length > 0) {
    throw invalid(violations.map((each) => ({ ...each, violatedRule: 'OTHER' })));
  }
  Object.assign(settings, payload);
  return ok(settings);
}

function requestFault(payload: JsonObject): RequestFault {
  const broken = ['malformed-json', 'empty', 'cut', 'wrong-length'];
  const kinds = ['answer', 'reset', 'hang', ...broken, 'slow'];
  if (!kinds.includes(String(payload.kind))) {
    const description = `must be one of ${kinds.join(', ')}`;
    throw invalid([{ field: 'kind', description, violatedRule: 'OTHER' }]);
  }
  // The kind is known; what is beside it is up to whoever wrote the fault.
  return payload as unknown as RequestFault;
}

function jobFault(payload: JsonObject): JobFault {
  if (typeof payload.stuck !== 'string' && typeof payload.end !== 'string') {
    const description = 'or end must be set';
    throw invalid([{ field: 'stuck', description, violatedRule: 'REQUIRED' }]);
  }
  // One of the two kinds is there; what is beside it is up to whoever wrote the fault.
  return payload as unknown as JobFault;
}

function rejectRows(payload: JsonObject, { faults }: AdminHost): Answer {
  const collection = textAt(payload, 'collection');
  const id = textAt(payload, 'id');
  faults.rejectRow({
    ...(collection !== undefined && { collection }),
    ...(id !== undefined && { id }),
    code: textAt(payload, 'code') ?? 'WDE0080',
    description: textAt(payload, 'description') ?? 'The row was rejected.',
  });
  return ok({});
}

function collectionSeed(payload: JsonObject): CollectionSeed {
  if (textAt(payload, 'id') === undefined || !Array.isArray(payload.fields)) {
    const description = 'and id must be set';
    throw invalid([{ field: 'fields', description, violatedRule: 'REQUIRED' }]);
  }
  // The two members that everything depends on are there.
  return payload as unknown as CollectionSeed;
}

/** JSON knows no undefined: null removes a field. */
function changesOf(changes: JsonObject): Record<string, JsonObject[string] | undefined> {
  return Object.fromEntries(
    Object.entries(changes).map(([key, value]) => [key, value === null ? undefined : value]),
  );
}

function withoutKey(record: RequestRecord): RequestRecord {
  const { authorization, ...headers } = record.headers;
  return {
    ...record,
    headers: authorization === undefined ? headers : { ...headers, authorization: '***' },
  };
}
