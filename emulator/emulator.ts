import { answerAdmin } from './admin.ts';
import { type ApiKey, authorised } from './auth.ts';
import { createFaults, type Faults, tooManyRequests } from './faults.ts';
import { notFound, silent } from './http/failures.ts';
import {
  type Certificate,
  isAdmin,
  type RequestRecord,
  type Surroundings,
  serve,
} from './http/http.ts';
import { type Answer, ok, type Request } from './http/request.ts';
import { dataEndpoint } from './items/routes.ts';
import { createFiles, credentialHeaders, type Files } from './jobs/files.ts';
import { createJobList, type Job, type JobList } from './jobs/jobs.ts';
import { answerJobs, type JobsHost } from './jobs/routes.ts';
import { guidFrom, randomFrom } from './random.ts';
import { defaultSettings, type EmulatorClock, realClock, type Settings } from './settings.ts';
import { createSite, type Site, type SiteSeed } from './site.ts';

export interface EmulatorOptions extends Partial<Settings> {
  /** The API keys that are let in; default one, `IST.emulator`. */
  readonly apiKeys?: readonly (string | ApiKey)[];
  /** What the first site holds. */
  readonly site?: SiteSeed;
  /** Further sites of the same account. */
  readonly otherSites?: readonly SiteSeed[];
  readonly clock?: EmulatorClock;
  /** Lets the three hosts speak HTTPS, as `localhost`. */
  readonly tls?: Certificate;
  /** Settles every order and every id that is made up; default 1. */
  readonly seed?: number;
}

/** A local Wix. */
export interface Emulator {
  /** Base of the API, to be used instead of `https://www.wixapis.com`. */
  readonly apiUrl: string;
  readonly uploadUrl: string;
  readonly downloadUrl: string;
  /** A key that is let in. */
  readonly apiKey: string;
  /** The first site, and its id for `wix-site-id`. */
  readonly site: Site;
  readonly siteId: string;
  readonly sites: ReadonlyMap<string, Site>;
  readonly faults: Faults;
  /** May be changed while the emulator runs. */
  readonly settings: Settings;
  /** Every request so far, oldest first. */
  readonly requests: RequestRecord[];
  /** Requests that carried credentials to the upload or download host; there must be none. */
  leaks(): readonly RequestRecord[];
  /** The jobs of a site, oldest first, as they are now; default the first site. */
  jobs(site?: Site): readonly Job[];
  /** Makes every upload URL that is out there stop working. */
  expireUploadUrls(): void;
  close(): Promise<void>;
  /** The same as `close`, for `await using`. */
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts the three hosts of a local Wix on ephemeral ports of 127.0.0.1. */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { apiKeys = ['IST.emulator'], site: first = {}, otherSites = [], ...rest } = options;
  const { clock = realClock, seed = 1, tls, ...chosen } = rest;
  const settings: Settings = { ...defaultSettings, ...chosen };
  const keys = apiKeys.map((key) => (typeof key === 'string' ? { key } : key));
  const random = randomFrom(seed);
  const closing = new AbortController();
  const faults = createFaults();
  const requests: RequestRecord[] = [];
  const means = { clock, settings, random };
  const files = createFiles(means);
  const { site, sites, jobsOf, jobs } = createAccount(first, otherSites, means);

  const ids = randomFrom(seed + 1);
  const newRequestId = () => guidFrom(ids);
  const surroundings = { clock, faults, requests, newRequestId, closing: closing.signal, tls };
  const fileHosts = await serveFiles(files, surroundings);
  const host: ApiHost = {
    keys,
    sites,
    jobsOf,
    files,
    faults,
    settings,
    clock,
    now: clock.now,
    random,
    requests,
    closing: closing.signal,
    ...fileHosts.urls,
  };
  const { expireUploadUrls } = files;
  const admin = { sites, settings, faults, requests, jobs, expireUploadUrls };
  const api = await serve('api', surroundings, (request) =>
    isAdmin(request) ? answerAdmin(request, admin) : answerApi(request, host),
  );

  const close = async () => {
    closing.abort();
    await Promise.all([api.close(), fileHosts.close()]);
  };

  return {
    apiUrl: api.url,
    ...fileHosts.urls,
    apiKey: keys[0]?.key ?? '',
    site,
    siteId: site.id,
    sites,
    faults,
    settings,
    requests,
    leaks: () => requests.filter(isLeak),
    jobs,
    expireUploadUrls,
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The sites of one account, and the jobs of each. */
function createAccount(
  first: SiteSeed,
  others: readonly SiteSeed[],
  { clock, settings, random }: Pick<ApiHost, 'clock' | 'settings' | 'random'>,
) {
  const lists = new Map<Site, JobList>();
  const open = (seed: SiteSeed): Site => {
    const site = createSite(seed, { now: clock.now, random, lag: () => settings.readLag });
    lists.set(site, createJobList());
    return site;
  };
  const site = open(first);
  const sites = new Map([site, ...others.map(open)].map((each) => [each.id, each]));
  const jobsOf = (of: Site): JobList => lists.get(of) ?? createJobList();
  return { site, sites, jobsOf, jobs: (of: Site = site) => [...jobsOf(of).jobs.values()] };
}

/** Starts the two hosts that carry files. */
async function serveFiles(files: Files, surroundings: Surroundings) {
  const upload = await serve('upload', surroundings, files.answerUpload);
  const download = await serve('download', surroundings, files.answerDownload);
  return {
    urls: { uploadUrl: upload.url, downloadUrl: download.url },
    close: () => Promise.all([upload.close(), download.close()]),
  };
}

/** Whether a request brought credentials to a host that is not Wix. */
function isLeak({ host, headers }: RequestRecord): boolean {
  return host !== 'api' && credentialHeaders.some((header) => header in headers);
}

interface ApiHost extends JobsHost {
  readonly keys: readonly ApiKey[];
  readonly requests: readonly RequestRecord[];
  readonly now: () => number;
}

function answerApi(request: Request, host: ApiHost): Answer | Promise<Answer> {
  const throttled = tooMany(host);
  if (throttled !== undefined) return throttled;
  if (request.path.startsWith('/data-mover/v1/')) {
    const site = authorised(request, 'SCOPE.DC-DATA.MANAGE_MOVEMENT_JOBS', host);
    return answerJobs(request, site, host) ?? noEndpoint(request);
  }
  if (request.path.startsWith('/wix-data/v2/')) {
    const endpoint = dataEndpoint(request, host);
    return endpoint?.answer(authorised(request, endpoint.scope, host)) ?? noEndpoint(request);
  }
  if (`${request.method} ${request.path}` === 'POST /locales/v2/locale/query') {
    const site = authorised(request, 'SCOPE.DC-DATA.READ', host);
    if (host.settings.localesStatus !== 200) throw silent(host.settings.localesStatus);
    return ok({ locales: site.locales });
  }
  return noEndpoint(request);
}

/** The real quota of the API, when the settings have one (wix-api.md 5). */
function tooMany({ requests, settings, now }: ApiHost): Answer | undefined {
  if (!Number.isFinite(settings.requestsPerMinute)) return undefined;
  const since = now() - 60_000;
  const recent = requests.filter(({ host, at }) => host === 'api' && at > since).length;
  if (recent <= settings.requestsPerMinute) return undefined;
  const fault = tooManyRequests();
  if (fault.kind !== 'answer') return undefined;
  return {
    status: fault.status,
    headers: fault.headers ?? {},
    body: [Buffer.from(fault.body ?? '')],
  };
}

function noEndpoint(request: Request): never {
  throw notFound(`${request.method} ${request.path}`);
}
