import { localizationLayout } from '../../src/content/identity.ts';
import {
  cellFinding,
  columnFinding,
  columnOf,
  fieldsOf,
  itemFinding,
  lineFinding,
  names,
  recordsOf,
  referenceFindings,
  type SiteField,
} from './cells.ts';
import {
  ask,
  at,
  type Connection,
  type ExportAnswer,
  exportFrom,
  type Finding,
  type RawAnswer,
  unwrapped,
} from './requests.ts';

/**
 * Asks a site everything that can be asked without writing.
 *
 * @param of.collection a collection of it, best one with every type of field and some items.
 * @param of.languages two or more, the main one first; none skips the questions on translations.
 */
export async function* checkSite(
  connection: Connection,
  of: { readonly collection: string; readonly languages: readonly string[] },
): AsyncGenerator<Finding> {
  const { collection, languages } = of;
  const listed = await ask(connection, '/wix-data/v2/collections?paging.limit=100');
  yield { question: 'May the key list the collections?', answer: statusOf(listed) };
  yield limitFinding(listed);
  yield await listFinding(connection, listed);
  const whole = await exportFrom(connection, { wixDataCollection: { collectionId: collection } });
  yield* jobFindings(whole);
  if (whole.file !== undefined) {
    const { body: schema } = await ask(
      connection,
      `/wix-data/v2/collections/${encodeURIComponent(collection)}`,
    );
    const fields = fieldsOf(schema);
    const source = { wixDataCollection: { collectionId: collection } };
    const pair = await Promise.all([
      exportFrom(connection, source),
      exportFrom(connection, source),
    ]);
    yield pairFinding(whole, pair);
    yield abilityFinding(schema);
    const again = pair.find(({ file }) => file !== undefined);
    yield* fileFindings(whole, again, fields);
    yield cellFinding(whole, fields);
    yield await lineFinding(connection, collection, fields);
    yield await itemFinding(connection, collection, fields);
    yield* referenceFindings(connection, collection, fields);
    yield await countFinding(connection, collection, whole);
    yield await idFinding(connection, collection, fields);
    yield* logFindings(connection, whole);
  }
  yield* queryFindings(connection, whole);
  if (languages.length > 1) {
    yield await languageFinding(connection);
    yield* localizationFindings(await exportFrom(connection, { localization: { languages } }));
  }
}

function* jobFindings({ submitted, job, seconds, file }: ExportAnswer): Generator<Finding> {
  yield { question: 'May the key export?', answer: statusOf(submitted) };
  if (submitted.status !== 200) return;
  const isWrapped = at(submitted.body, 'job') !== undefined;
  yield { question: 'Is the answer of a job wrapped in `job`?', answer: isWrapped ? 'yes' : 'no' };
  const status = job === undefined ? 'it is gone' : String(at(job, 'status'));
  const progress = JSON.stringify(at(job, 'progress') ?? {});
  yield {
    question: 'How does the export end?',
    answer: `${status} after ${seconds} s, ${progress}`,
  };
  const error = at(job, 'error');
  if (error !== undefined && error !== null)
    yield { question: 'Why did it fail?', answer: JSON.stringify(error) };
  if (file === undefined) return;
  const length = file.headers.get('content-length');
  const announced =
    length === null
      ? 'without a length'
      : length === String(file.bytes.length)
        ? 'with its length'
        : 'with another length';
  const way = file.redirected ? 'after a redirect' : 'directly';
  yield {
    question: 'How does the download work?',
    answer: `HTTP ${file.status}, ${way}, ${announced}`,
  };
}

/** How two exports end that are submitted at once (wix-api.md 5): side by side, in turn, or refused. */
function pairFinding(alone: ExportAnswer, pair: readonly ExportAnswer[]): Finding {
  const ends = pair.map(({ submitted, job, seconds }) => {
    if (submitted.status !== 200) return `refused: ${statusOf(submitted)}`;
    return `${job === undefined ? 'gone' : at(job, 'status')} after ${seconds} s`;
  });
  return {
    question: 'How do two exports at the same time end?',
    answer: `${ends.join('; ')}; one alone took ${alone.seconds} s`,
  };
}

/** What the list of collections says of its pages, where it has room for all and where it has not. */
async function listFinding(connection: Connection, { body }: RawAnswer): Promise<Finding> {
  const first = await ask(connection, '/wix-data/v2/collections?paging.limit=1');
  return {
    question: 'How is the list of collections paged?',
    answer: `by 100: ${pageIn(body, 'collections')}; by 1: ${pageIn(first.body, 'collections')}`,
  };
}

/** How many entries a page has, and what it says of the next: of a cursor only that there is one. */
function pageIn(body: unknown, member: string): string {
  const entries = at(body, member);
  const count = Array.isArray(entries) ? entries.length : 'no list of';
  const said = JSON.stringify(at(body, 'pagingMetadata') ?? 'nothing', (name, value) =>
    (name === 'next' || name === 'prev') && typeof value === 'string' && value !== ''
      ? 'a cursor'
      : value,
  );
  return `${count} entries, ${said}`;
}

/** What the collection's plugins and operations let an import do (wix-api.md 6.2). */
function abilityFinding(schema: unknown): Finding {
  const collection = at(schema, 'collection') ?? schema;
  const operations = namesIn(at(collection, 'capabilities', 'dataOperations'));
  const plugins = at(collection, 'plugins');
  const types = Array.isArray(plugins) ? plugins.map((plugin) => String(at(plugin, 'type'))) : [];
  const needed = ['BULK_SAVE', 'BULK_REMOVE', 'TRUNCATE'].filter((each) =>
    operations.includes(each),
  );
  return {
    question: 'What does the collection allow?',
    answer: `${at(collection, 'collectionType') ?? 'unknown'}; ${names(needed)}; plugins: ${names(types)}`,
  };
}

function namesIn(value: unknown): readonly string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

/** Whether answers say how many requests are left; nobody documents such a header (wix-api.md 5). */
function limitFinding({ headers }: RawAnswer): Finding {
  const some = [...headers.keys()].filter((name) => /rate|limit|quota|retry/.test(name));
  return { question: 'Which response headers mention limits?', answer: names(some) };
}

function* fileFindings(
  first: ExportAnswer,
  second: ExportAnswer | undefined,
  fields: readonly SiteField[],
): Generator<Finding> {
  const [header = [], ...rows] = recordsOf(first);
  yield { question: 'Which columns does an export have?', answer: quoted(header) };
  const keys = header.filter((cell) => fields.some(({ key }) => key === cell)).length;
  const names = header.filter((cell) =>
    fields.some(({ key, displayName }) => key !== cell && displayName === cell),
  ).length;
  yield {
    question: 'Are headers field keys or display names?',
    answer: `${keys} are keys, ${names} only display names, of ${header.length}`,
  };
  yield columnFinding(header, fields);
  const bytes = first.file?.bytes ?? Buffer.alloc(0);
  const bom = bytes.subarray(0, 3).equals(Buffer.of(0xef, 0xbb, 0xbf));
  const crlf = bytes.includes('\r\n');
  yield {
    question: 'How is the file encoded?',
    answer: `${bom ? 'with' : 'without'} a byte order mark, ${crlf ? 'CRLF' : 'LF'}`,
  };
  yield orderFinding([header, ...rows], second);
  for (const field of fields.filter(({ type }) => type === 'MULTI_REFERENCE')) {
    const { key, type } = field;
    const column = columnOf(header, field);
    const filled = rows.filter((row) => (row[column] ?? '') !== '').length;
    yield {
      question: `Is the ${type} ${key} exported?`,
      answer: column === -1 ? 'it has no column' : `${filled} of ${rows.length} cells are filled`,
    };
  }
}

const itemId = { key: '_id', displayName: 'ID' };

/** Whether rows and columns come in one order (wix-api.md 3.7). */
function orderFinding(
  [header = [], ...rows]: readonly (readonly string[])[],
  second: ExportAnswer | undefined,
): Finding {
  const question = 'Do two exports have the same order?';
  if (second === undefined) return { question, answer: 'there was no second file' };
  const [otherHeader = [], ...otherRows] = recordsOf(second);
  const id = columnOf(header, itemId);
  const ids = (table: readonly (readonly string[])[], column: number) =>
    table.map((row) => row[column] ?? '').join('\n');
  const sameRows = ids(rows, id) === ids(otherRows, columnOf(otherHeader, itemId));
  return {
    question,
    answer: `of columns: ${header.join() === otherHeader.join() ? 'yes' : 'no'}, of rows: ${id === -1 ? 'no column of ids' : sameRows ? 'yes' : 'no'}`,
  };
}

async function countFinding(
  connection: Connection,
  collection: string,
  answer: ExportAnswer,
): Promise<Finding> {
  const count = async (includeDraftItems: boolean) => {
    const publishPluginOptions = { includeDraftItems };
    const query = { dataCollectionId: collection, consistentRead: true, publishPluginOptions };
    const { body } = await ask(connection, '/wix-data/v2/items/count', query);
    return at(body, 'totalCount') ?? 'unknown';
  };
  const rows = Math.max(0, recordsOf(answer).length - 1);
  const said = at(answer.job, 'progress', 'itemsSuccessful') ?? 'nothing';
  return {
    question: 'Does an export have all items, including drafts?',
    answer: `${rows} rows; the job says ${said}; items: ${await count(false)}, with drafts ${await count(true)}`,
  };
}

/** Whether an export of some fields holds the ids all the same. */
async function idFinding(
  connection: Connection,
  collection: string,
  fields: readonly SiteField[],
): Promise<Finding> {
  const question = 'Does an export of one field have `_id`?';
  const field = fields.find(({ key }) => !key.startsWith('_'))?.key;
  if (field === undefined) return { question, answer: 'the collection has no field' };
  const filterQuery = { fields: [field] };
  const some = await exportFrom(connection, {
    wixDataCollection: { collectionId: collection, filterQuery },
  });
  const [header] = recordsOf(some);
  return {
    question,
    answer: header === undefined ? 'it failed' : header.includes('_id') ? 'yes' : 'no',
  };
}

/**
 * Whether a job's log can be read, what it holds of rows that arrived (wix-api.md 1.11), and whether
 * the last page of it, and of jobs, says that it is the last (wix-api.md 1.3).
 */
async function* logFindings(
  connection: Connection,
  { job }: ExportAnswer,
): AsyncGenerator<Finding> {
  const path = `/data-mover/v1/jobs/${at(job, 'id')}/logs?paging.limit=100`;
  const { status, body } = await ask(connection, path);
  const logs = at(body, 'logs');
  const entries = Array.isArray(logs) ? `${logs.length} entries` : 'no list of entries';
  yield {
    question: 'What does the log of an export contain?',
    answer: status === 200 ? entries : `nothing (HTTP ${status})`,
  };
  const query = { filter: { id: { $in: [at(job, 'id')] } }, cursorPaging: { limit: 100 } };
  const found = await ask(connection, '/data-mover/v1/jobs/query', { query });
  yield {
    question: 'What does the last page say about a next one?',
    answer: `of jobs: ${pageIn(found.body, 'jobs')}; of the log: ${pageIn(body, 'logs')}`,
  };
}

/** The three ways in which the action finds jobs again (wix-api.md 1.4). */
async function* queryFindings(
  connection: Connection,
  { submitted }: ExportAnswer,
): AsyncGenerator<Finding> {
  const id = at(unwrapped(submitted.body), 'id');
  const name = jobName(submitted);
  const status = { $in: ['COMPLETED', 'PARTIALLY_SUCCESSFUL', 'FAILED'] };
  const filters = {
    'Is a job found by its name?': { name: { $eq: name } },
    'Are jobs found by their ids?': { id: { $in: [id] } },
    'Are jobs found by how their name begins, and by status?': {
      name: { $startsWith: name.slice(0, -1) },
      status,
    },
  };
  for (const [question, filter] of Object.entries(filters)) {
    const query = { filter, cursorPaging: { limit: 1 } };
    const { status: http, body } = await ask(connection, '/data-mover/v1/jobs/query', { query });
    const jobs = at(body, 'jobs');
    const isFound = Array.isArray(jobs) && name !== '' && at(jobs[0], 'name') === name;
    yield { question, answer: isFound ? 'yes' : `no (HTTP ${http})` };
  }
}

function jobName({ body }: RawAnswer): string {
  return String(at(unwrapped(body), 'name') ?? '');
}

/** Whether the site tells its languages, and which one is the main (wix-api.md 2.5). */
async function languageFinding(connection: Connection): Promise<Finding> {
  const { status, body } = await ask(connection, '/locales/v2/locale/query', { query: {} });
  const locales = at(body, 'locales');
  const said = Array.isArray(locales)
    ? locales.map((each) => `${at(each, 'id')}${at(each, 'primaryLocale') ? ' (main)' : ''}`)
    : [`not told (HTTP ${status})`];
  return { question: 'Which languages does the site have?', answer: names(said) };
}

function* localizationFindings(answer: ExportAnswer): Generator<Finding> {
  yield { question: 'May the key export translations?', answer: statusOf(answer.submitted) };
  const [header] = recordsOf(answer);
  if (header === undefined) {
    yield {
      question: 'How does an export of translations end?',
      answer: JSON.stringify(at(answer.job, 'error') ?? 'without a file'),
    };
    return;
  }
  const known =
    localizationLayout(header) === undefined
      ? 'a layout that is not known'
      : 'a layout that is known';
  yield { question: 'Which columns do translations have?', answer: `${known}: ${quoted(header)}` };
}

function statusOf({ status, body }: { readonly status: number; readonly body: unknown }): string {
  if (status === 200) return 'yes';
  const code = at(body, 'details', 'applicationError', 'code') ?? '';
  return `no (HTTP ${status} ${code})`.replace(' )', ')');
}

function quoted(cells: readonly string[]): string {
  return cells.map((cell) => `"${cell}"`).join(', ');
}
