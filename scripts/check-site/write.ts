import { randomUUID } from 'node:crypto';
import { sameForm } from '../../src/content/values/form.ts';
import { cellText, lostType } from '../../src/content/values/stored-item.ts';
import { isJsonType, sameValue } from '../../src/content/values/value.ts';
import { Failure } from '../../src/errors.ts';
import { Refusal } from '../../src/wix/failures.ts';
import { Items, type StoredItem } from '../../src/wix/items.ts';
import { kindsOf, names } from './cells.ts';
import { checkSite } from './read.ts';
import type { Connection, Finding } from './requests.ts';
import {
  clientOf,
  fields,
  type ImportEnd,
  importRows,
  makeScratch,
  newScratch,
  type Row,
  readBack,
  removeScratch,
  type Scratch,
  type Way,
} from './scratch.ts';

/**
 * Asks a site what only an import shows, in two collections made for it. They are removed at the end,
 * also of a check that fails or is interrupted; what stopped it is an answer.
 *
 * @param of.collection what is read afterwards; one of those two if it is left out.
 */
export async function* checkWriting(
  connection: Connection,
  of: { readonly collection?: string | undefined; readonly languages: readonly string[] },
): AsyncGenerator<Finding> {
  const client = clientOf(connection);
  const [other, scratch] = [newScratch(client), newScratch(client)];
  const made: Scratch[] = [];
  const left: string[] = [];
  try {
    yield {
      question: 'Which collections does the check use?',
      answer: `in ${scratch.id} and ${other.id}`,
    };
    await make(made, other);
    await make(made, scratch, other);
    yield* writingFindings(scratch, other);
    yield* checkSite(connection, { ...of, collection: of.collection ?? scratch.id });
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    yield { question: 'What stopped the check?', answer: error.message };
  } finally {
    // Not with the signal that may have interrupted the check.
    const remover = clientOf({ ...connection, signal: new AbortController().signal });
    for (const { id } of made.reverse())
      if (!(await removeScratch({ client: remover, id }))) left.push(id);
  }
  const answer = left.length === 0 ? 'yes' : `no: remove ${names(left)} in the CMS`;
  yield { question: 'Are both collections gone?', answer };
}

/** Makes a collection that is to be removed, unless Wix refuses to make it: an answer that is lost says nothing. */
async function make(made: Scratch[], scratch: Scratch, friends?: Scratch): Promise<void> {
  made.push(scratch);
  try {
    await makeScratch(scratch, friends);
  } catch (error) {
    if (error instanceof Refusal) made.pop();
    throw error;
  }
}

/** @param other where each way of importing is tried: one that is not understood leaves rubbish. */
async function* writingFindings(scratch: Scratch, other: Scratch): AsyncGenerator<Finding> {
  const tries = {
    key: await tryWay(other, 'key'),
    'display-name': await tryWay(other, 'display-name'),
    lines: await tryWay(other, 'lines'),
  };
  yield headerFinding(tries);
  const csv = tries.key.item === undefined ? tries['display-name'] : tries.key;
  yield typeFinding('a CSV file', csv, tries.lines);
  yield typeFinding('JSON lines', tries.lines);
  const arrived = [csv, tries.lines].filter(({ item }) => item !== undefined);
  const best = arrived.find(({ lost }) => lost.length === 0) ?? arrived[0];
  if (best === undefined) throw new Failure('api', 'No import arrived, so the rest was not asked.');
  yield* formFindings(scratch, best.way);
  yield* referenceFindings(scratch, best.way, best.id);
  yield* omissionFindings(scratch, best.way);
  yield* emptyingFindings(scratch, best.way);
  yield* rejectionFindings(scratch, best.way);
}

/** Texts for fields: first a plain one, then some that a site may store in another form (wix-api.md 11). */
const texts: Readonly<Record<string, readonly string[]>> = {
  title: ['Green tea', ' Green tea ', 'Cafe\u0301'],
  story: [
    '<p>Green tea</p>',
    '<p>Green<br>tea</p>\n',
    '<p><b>Green</b>&nbsp;tea</p>\n',
    "<p class='tea' >Green &#38; black</p>\n",
    '',
  ],
  price: ['4.5', '1e3', '0.30'],
  fresh: ['true'],
  day: ['2026-07-03'],
  listed: ['2026-07-03T14:04:31.000Z', '2026-07-03T14:04:31Z', '2026-07-03T16:04:31.123+02:00'],
  opens: ['14:04:00.000', '14:04'],
  page: ['https://tea.example/green', 'https://tea.example'],
  words: ['["green","tea"]', '["green","tea","green"]'],
  body: ['{"nodes":[{"type":"PARAGRAPH","nodes":[]}]}'],
  place: ['{"formatted":"Oslo"}'],
};

/** The texts of each field that stand at a position of their lists, as a row of its own. */
function rowAt(position: number): Row {
  const cells = Object.entries(texts).flatMap(([key, { [position]: text }]) =>
    text === undefined ? [] : [[key, text] as const],
  );
  return { _id: randomUUID(), title: 'Tea', ...Object.fromEntries(cells) };
}

/** A plain row, as one way of importing brings it. */
interface Try {
  readonly way: Way;
  readonly id: string;
  readonly end: ImportEnd;
  /** `undefined` where nothing arrived under its id. */
  readonly item: StoredItem | undefined;
  /** The fields that are stored with another type than their own. */
  readonly lost: readonly string[];
}

async function tryWay(scratch: Scratch, way: Way): Promise<Try> {
  const row = rowAt(0);
  const end = await importRows(scratch, way, row);
  const found = await readBack(scratch, row._id);
  const item = sameForm('TEXT', row.title ?? '', cellText(found?.title)) ? found : undefined;
  const lost = fields.filter(({ key, type }) => lostType(type, row[key] ?? '', item?.[key]));
  return { way, id: row._id, end, item, lost: lost.map(({ key }) => key) };
}

function headerFinding(tries: Readonly<Record<Way, Try>>): Finding {
  const question = 'Which headers does an import understand?';
  const { key, 'display-name': name, lines } = tries;
  if (key.item !== undefined) {
    const answer = name.item === undefined ? 'field keys' : 'field keys, and display names';
    return { question, answer };
  }
  if (name.item !== undefined) {
    return { question, answer: 'display names', setting: 'import-headers: display-name' };
  }
  const answer = `neither field keys (${key.end.words}) nor display names (${name.end.words})`;
  return {
    question,
    answer,
    ...(lines.item !== undefined && { setting: 'upload-format: jsonl' }),
  };
}

/** @param instead a way that may keep the types which this one loses. */
function typeFinding(of: string, { item, lost, end }: Try, instead?: Try): Finding {
  const question = `Which types do values have that came in ${of}?`;
  if (item === undefined) return { question, answer: `nothing arrived (${end.words})` };
  const isBetter = lost.length > 0 && instead?.item !== undefined && instead.lost.length === 0;
  return {
    question,
    answer: kindsOf([item], fields),
    ...(isBetter && { setting: 'upload-format: jsonl' }),
  };
}

async function* formFindings(scratch: Scratch, way: Way): AsyncGenerator<Finding> {
  const most = Math.max(...Object.values(texts).map((list) => list.length));
  const rows = Array.from({ length: most }, (_, position) => rowAt(position));
  const { words } = await importRows(scratch, way, ...rows);
  yield { question: 'How does an import end?', answer: words };
  const forms: string[] = [];
  const unknown: string[] = [];
  for (const row of rows) {
    const item = await readBack(scratch, row._id);
    for (const { key, type } of fields) {
      const [sent, stored] = [row[key], cellText(item?.[key])];
      if (sent === undefined || item === undefined || isStoredAs(type, sent, stored)) continue;
      const form = `${type} \`${JSON.stringify(sent)}\` as \`${JSON.stringify(stored)}\``;
      (sameForm(type, sent, stored) ? forms : unknown).push(form);
    }
  }
  yield { question: 'Which values does the site store in another form?', answer: names(forms) };
  yield { question: 'Which values does the site change?', answer: names(unknown) };
}

/** Whether a value is stored as it was sent, but for how JSON is written. */
function isStoredAs(type: string, sent: string, stored: string): boolean {
  return isJsonType(type) ? sameValue(type, sent, stored) : sent === stored;
}

/**
 * What becomes of multi-references: by an import that names them, by a request of their own, and by an
 * import that leaves them out.
 *
 * @param friend an item that can be referred to.
 */
async function* referenceFindings(
  scratch: Scratch,
  way: Way,
  friend: string,
): AsyncGenerator<Finding> {
  const rest = { _id: randomUUID(), title: 'Tea' };
  const item = () => readBack(scratch, rest._id, ['friends']);
  await importRows(scratch, way, rest);
  const row = { ...rest, friends: JSON.stringify([friend]) };
  const { words } = await importRows(scratch, way, row);
  yield {
    question: 'Does an import write multi-references?',
    answer: refersTo(await item()) ? 'yes' : `no (${words})`,
  };
  const question = 'May the key set multi-references?';
  const reference = { item: rest._id, field: 'friends', referenced: [friend] };
  const refused = await refusal(new Items(scratch.client, scratch.id).replaceReferences(reference));
  yield refused === undefined
    ? { question, answer: 'yes' }
    : { question, answer: `no: ${refused}`, setting: 'multi-references: read' };
  const isSet = refersTo(await item());
  await importRows(scratch, way, rest);
  const isKept = refersTo(await item());
  yield {
    question: 'Does an import keep multi-references that it leaves out?',
    answer: isSet ? (isKept ? 'yes' : 'no') : 'not tried: there were none',
  };
}

function refersTo(item: StoredItem | undefined): boolean {
  return Array.isArray(item?.friends) && item.friends.length > 0;
}

async function refusal(request: Promise<unknown>): Promise<string | undefined> {
  try {
    await request;
    return undefined;
  } catch (error) {
    if (error instanceof Failure && error.reason !== 'cancelled') return error.message;
    throw error;
  }
}

/** What an import does to an item that is there, where its file has fewer columns. */
async function* omissionFindings(scratch: Scratch, way: Way): AsyncGenerator<Finding> {
  const { client, id } = scratch;
  const item = { _id: randomUUID(), title: 'Tea' };
  const row = { ...item, note: 'Keep dry' };
  await importRows(scratch, way, row);
  const { words } = await importRows(scratch, way, { ...row, [undeclared]: 'a0' });
  const isStored = (await readBack(scratch, item._id))?.[undeclared] !== undefined;
  yield {
    question: 'What happens to a column that is not a field?',
    answer: isStored ? 'a property of the item' : `nothing (${words})`,
  };
  if (!isStored)
    await refusal(new Items(client, id).setProperties(item._id, { [undeclared]: 'a0' }));
  const before = await readBack(scratch, item._id);
  await importRows(scratch, way, { ...item, title: 'Black tea' });
  const after = await readBack(scratch, item._id);
  const becomes = (key: string) =>
    before?.[key] === undefined ? 'not tried' : after?.[key] === undefined ? 'erased' : 'kept';
  yield {
    question: 'What happens to fields that a file leaves out?',
    answer: `fields: ${becomes('note')}; properties without a field: ${becomes(undeclared)}`,
  };
  const changed = ['_createdDate', '_owner'].filter(
    (key) => cellText(before?.[key]) !== cellText(after?.[key]),
  );
  yield { question: 'Which system fields does an import change?', answer: names(changed) };
}

/** A property that no field declares, as the CMS makes one for an order by hand (wix-api.md 11). */
const undeclared = '_manualSort_check';

/** What becomes of a value whose cell is emptied, and then of its item. */
async function* emptyingFindings(scratch: Scratch, way: Way): AsyncGenerator<Finding> {
  const row = { _id: randomUUID(), title: 'Tea', note: 'Keep dry' };
  await importRows(scratch, way, row);
  await importRows(scratch, way, { ...row, note: '' });
  const note = (await readBack(scratch, row._id))?.note;
  yield {
    question: 'What happens to a value if its cell is emptied?',
    answer: note === row.note ? 'it stays' : note === undefined ? 'absent' : JSON.stringify(note),
  };
  const refused = await refusal(remove(scratch, row._id));
  const answer = refused === undefined ? 'yes' : `no: ${refused}`;
  yield { question: 'May the key remove items?', answer };
}

async function remove({ client, id }: Scratch, item: string): Promise<void> {
  const [first] = (await new Items(client, id).remove([item])).failed;
  if (first !== undefined) throw new Failure('api', `${first.code} ${first.description}`);
}

/** How a job ends that rejects a row, and what its log calls it (wix-api.md 1.11). */
async function* rejectionFindings(scratch: Scratch, way: Way): AsyncGenerator<Finding> {
  const rows = ['', 'x'.repeat(600_000), ''].map((note) => ({
    _id: randomUUID(),
    title: 'Tea',
    note,
  }));
  const { words, rejections } = await importRows(scratch, way, ...rows);
  yield {
    question: 'How does an import end if one of three rows is too large?',
    answer: words,
  };
  const called = rejections.map(
    ({ source, code }) => `${source === rows[1]?._id ? 'its id' : `"${source}"`} (${code})`,
  );
  yield { question: 'What does its log call that row?', answer: names(called) };
}
