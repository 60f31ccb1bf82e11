import type { Faults } from '../faults.ts';
import { invalid, notFound, refused, silent } from '../http/failures.ts';
import { cursorPage, pageRequest } from '../http/paging.ts';
import { type Answer, ok, payloadOf, type Request } from '../http/request.ts';
import { noSuchCollection } from '../items/collections.ts';
import { comparison, filteredFields, meets, sortOf } from '../items/filter.ts';
import { type JsonObject, objectAt, textAt } from '../json.ts';
import { guidFrom, type Random } from '../random.ts';
import type { EmulatorClock, Settings } from '../settings.ts';
import type { Site, StoredCollection } from '../site.ts';
import { checkAggregation, exportWork } from './export.ts';
import type { Files } from './files.ts';
import { importWork } from './import.ts';
import { type Job, JobFailure, type JobList, type JobWork, runJob, terminate } from './jobs.ts';
import { exportLocalizationsWork, importLocalizationsWork } from './localizations.ts';
import { type Submission, submissionOf } from './submit.ts';

/** What the endpoints of the jobs need. */
export interface JobsHost {
  readonly sites: ReadonlyMap<string, Site>;
  readonly jobsOf: (site: Site) => JobList;
  readonly files: Files;
  readonly faults: Faults;
  readonly settings: Settings;
  readonly clock: EmulatorClock;
  readonly random: Random;
  readonly closing: AbortSignal;
  readonly uploadUrl: string;
  readonly downloadUrl: string;
}

/** Answers a request below `/data-mover/v1` (wix-api.md 1.1); undefined when there is no such endpoint. */
export function answerJobs(request: Request, site: Site, host: JobsHost): Answer | undefined {
  const [, , kind, id = '', action = ''] = request.segments;
  const route = `${request.method} ${[kind, id && '*', action].filter(Boolean).join('/')}`;
  switch (`${request.method} ${request.segments.slice(2).join('/')}`) {
    case 'POST temporary-files/upload-url':
      return createUploadUrl(request, host);
    case 'POST jobs':
      return submit(request, site, host);
    case 'GET jobs':
    case 'POST jobs/list':
      return listJobs(request, site, host);
    case 'GET jobs/query':
    case 'POST jobs/query':
      return queryJobs(request, site, host);
  }
  switch (route) {
    case 'GET jobs/*':
      return getJob(id, site, host);
    case 'GET jobs/*/logs':
      return listLogs(request, id, site, host);
    case 'POST jobs/*/terminate':
      return terminateJob(id, site, host);
  }
  return undefined;
}

function submit(request: Request, current: Site, host: JobsHost): Answer {
  const { settings, clock, faults, closing } = host;
  const submission = submissionOf(payloadOf(request));
  if ('query' in submission.from) checkAggregation(submission.from.query);
  const fileName = 'fileName' in submission.to ? submission.to.fileName : undefined;
  const download = fileName === undefined ? undefined : host.files.reserveDownload(fileName);
  const work = workOf(submission, current, host, (body) => download?.fill(body));
  const job = jobFrom(submission, host, download?.path);
  const list = host.jobsOf(current);
  list.jobs.set(job.id, job);
  const fault = faults.forJob({
    kind: download === undefined ? 'import' : 'export',
    collection: collectionOf(submission),
    name: submission.name,
  });
  // The job lives on after the answer; closing the emulator ends it.
  runJob(job, work, { list, clock, settings, fault, closing }).catch(() => undefined);
  return jobAnswer(job, settings);
}

function jobFrom(submission: Submission, host: JobsHost, downloadPath: string | undefined): Job {
  const { source, destination, sourceSiteId, destinationSiteId } = submission;
  const url = `${host.downloadUrl}${downloadPath}`;
  const named = host.settings.downloadScheme === 'http' ? url.replace(/^https:/, 'http:') : url;
  const withUrl =
    downloadPath === undefined
      ? destination
      : { ...destination, file: { ...objectAt(destination, 'file'), url: named } };
  return {
    id: guidFrom(host.random),
    name: submission.name,
    status: 'UNINITIALIZED',
    startedAt: new Date(host.clock.now()).toISOString(),
    source,
    destination: withUrl,
    progress: { current: 0, total: null, itemsRejected: 0, itemsSuccessful: 0 },
    ...(sourceSiteId !== undefined && { sourceSiteId }),
    ...(destinationSiteId !== undefined && { destinationSiteId }),
    logsRecorded: 0,
    scheduleId: null,
    workflowId: null,
  };
}

function workOf(
  submission: Submission,
  current: Site,
  host: JobsHost,
  fill: (body: readonly Buffer[]) => void,
): JobWork {
  const { from, to } = submission;
  const { settings, random, faults, clock } = host;
  const surroundings = { settings, random, faults, now: () => clock.now() };
  if ('languages' in from || 'languages' in to) {
    if (current.locales.length === 0 && settings.multilingualMissing === 'precondition') {
      throw refused(428, 'MULTILINGUAL_NOT_INSTALLED', 'Wix Multilingual is not installed.');
    }
  }
  if ('format' in to) {
    const file = { format: to.format, fill };
    if ('languages' in from) {
      return exportLocalizationsWork(current, from.languages, file, surroundings);
    }
    if ('query' in from) {
      const { query } = from;
      return onCollection(
        overridden(submission.sourceSiteId, current, host),
        from.collection,
        host,
        (stored) => exportWork(stored, query, file, surroundings),
      );
    }
  }
  if ('fileId' in from && !('format' in to)) {
    const upload = () => uploadedFile(from.fileId, from.format, host);
    if ('languages' in to) {
      return late(() => importLocalizationsWork(current, to.languages, upload(), surroundings));
    }
    const site = overridden(submission.destinationSiteId, current, host);
    return onCollection(site, to.collection, host, (stored) =>
      importWork(site, stored, upload(), to.writePolicy, surroundings),
    );
  }
  throw refused(501, 'UNIMPLEMENTED', 'The emulator does not move between these two.');
}

function overridden(siteId: string | undefined, current: Site, host: JobsHost): Site {
  if (siteId === undefined) return current;
  const site = host.sites.get(siteId);
  if (site === undefined) throw refused(400, 'WDE0117', 'MetaSite not found.');
  return site;
}

function onCollection(
  site: Site,
  id: string,
  { settings }: JobsHost,
  work: (stored: StoredCollection) => JobWork,
): JobWork {
  if (settings.unknownCollection === 'not-found' && !site.collections.has(id)) {
    throw noSuchCollection(id);
  }
  return late(() => {
    const stored = site.collections.get(id);
    if (stored === undefined) {
      const description = `WDE0025: The ${id} collection does not exist.`;
      throw new JobFailure('WDH0001', description, { code: 'WDE0025' });
    }
    return work(stored);
  });
}

/** Work that is made when the job gets to it: what it needs may change, or be missing, by then. */
function late(make: () => JobWork): JobWork {
  return (progress) => make()(progress);
}

function uploadedFile(
  fileId: string,
  format: string | undefined,
  { files }: JobsHost,
): { readonly content: Buffer; readonly format: string | undefined } {
  const upload = files.uploads.get(fileId);
  if (upload === undefined) throw new JobFailure('WDH0001', `There is no file ${fileId}.`);
  if (upload.content === undefined) {
    throw new JobFailure('WDH0003', `The file ${fileId} was never uploaded.`);
  }
  const named = upload.name.endsWith('.jsonl') ? 'JSONL' : undefined;
  return { content: upload.content, format: format === 'UNKNOWN' ? named : (format ?? named) };
}

function createUploadUrl(request: Request, { files, random, uploadUrl }: JobsHost): Answer {
  const fileName = textAt(payloadOf(request), 'fileName') ?? '';
  if (fileName.length > 512) {
    throw invalid([
      { field: 'fileName', description: 'must be at most 512 long', violatedRule: 'MAX_LENGTH' },
    ]);
  }
  const upload = files.createUpload(fileName);
  const signature = guidFrom(random);
  return ok({
    fileId: upload.id,
    uploadUrl: `${uploadUrl}/temporary/${upload.id}?X-Expires=900&X-Signature=${signature}`,
  });
}

function getJob(id: string, site: Site, host: JobsHost): Answer {
  return jobAnswer(knownJob(id, site, host), host.settings);
}

function terminateJob(id: string, site: Site, host: JobsHost): Answer {
  const job = knownJob(id, site, host);
  terminate(job, host.jobsOf(site), host.settings, host.clock.now());
  return jobAnswer(job, host.settings);
}

function listJobs(request: Request, site: Site, host: JobsHost): Answer {
  return jobsAnswer(objectAt(payloadOf(request), 'paging'), {}, 'paging', site, host);
}

function queryJobs(request: Request, site: Site, host: JobsHost): Answer {
  const { queryJobsStatus } = host.settings;
  if (queryJobsStatus !== 200) throw silent(queryJobsStatus);
  const query = objectAt(payloadOf(request), 'query');
  const paging = objectAt(query, 'cursorPaging');
  const { filter = null, sort = null } = query;
  return jobsAnswer(paging, { filter, sort }, 'query.cursorPaging', site, host);
}

/** The fields that a query of jobs may name (wix-api.md 1.4). */
const queryable = ['id', 'finishedAt', 'name', 'scheduleId', 'startedAt', 'status', 'workflowId'];

function jobsAnswer(
  paging: JsonObject,
  query: JsonObject,
  field: string,
  site: Site,
  host: JobsHost,
): Answer {
  const sizes = { normal: Math.min(host.settings.pageSize, 100), most: 100 };
  const page = pageRequest(paging, query, sizes, field);
  const filter = objectAt(page.query, 'filter');
  const sort = sortOf(objectAt({ query: page.query }, 'query').sort, 5);
  const named = [...filteredFields(filter), ...sort.map(({ fieldName }) => fieldName)];
  const unknown = named.filter((name) => !queryable.includes(name));
  if (unknown.length > 0) {
    const description = `names ${unknown.join(', ')}, which cannot be queried`;
    throw invalid([{ field: 'query', description, violatedRule: 'OTHER' }]);
  }
  const jobs = [...host.jobsOf(site).jobs.values()]
    .filter((job) => meets(job, filter))
    .sort(comparison(sort));
  const { values, pagingMetadata } = cursorPage(jobs, page);
  return ok({ jobs: values, pagingMetadata });
}

function listLogs(request: Request, id: string, site: Site, host: JobsHost): Answer {
  const job = knownJob(id, site, host);
  const logs = host.jobsOf(site).logs.get(job.id) ?? [];
  const sizes = { normal: Math.min(host.settings.pageSize, 100), most: 100 };
  const page = pageRequest(objectAt(payloadOf(request), 'paging'), null, sizes);
  const { values, pagingMetadata } = cursorPage(logs, page);
  return ok({ logs: values, pagingMetadata });
}

function knownJob(id: string, site: Site, host: JobsHost): Job {
  const job = host.jobsOf(site).jobs.get(id);
  if (job === undefined) throw notFound(`Job ${id}`);
  return job;
}

function jobAnswer(job: Job, settings: Settings): Answer {
  return ok(settings.submitAnswer === 'wrapped' ? { job } : job);
}

function collectionOf({ from, to }: Submission): string | undefined {
  if ('collection' in from) return from.collection;
  return 'collection' in to ? to.collection : undefined;
}
