import { type Change, countsOf } from '../../content/change.ts';
import { code, unlinked } from '../escape.ts';
import { counted, inNumber, joined } from '../text.ts';
import { linesOf, section } from './export.ts';

/** What a restore does to the files of one content. */
export interface Returning {
  /** A collection's id, or the languages of a localization. */
  readonly name: string;
  readonly kind: 'collection' | 'localization';
  /** What becomes of the items of removed rows. */
  readonly deletes: 'keep' | 'apply';
  readonly changes: readonly Change[];
  /** Fields that the files had and the collection does not have any more. */
  readonly goneFields: readonly string[];
}

interface Past {
  readonly id: string;
  /** ISO 8601, in UTC. */
  readonly date: string;
}

const namedContents = 3;

/** `Restore teas to 2026-11-20 03:00 UTC`; without names, all the content. */
export function restoreTitle({ date }: Past, names: readonly string[]): string {
  const isFew = names.length > 0 && names.length <= namedContents;
  return `Restore ${isFew ? names.map(unlinked).join(', ') : 'the content'} to ${momentOf(date)}`;
}

/** What a restore brings back and loses, in one line for each content. */
export function restoredInWords(contents: readonly Returning[]): readonly string[] {
  return linesOf(contents, (each) => joined('; ', [backWords(each), lostWords(each)]), unlinked);
}

/** The body of a restore's pull request: what comes back, and what came later and is lost. */
export function restoreBody(
  { id, date }: Past,
  contents: readonly Returning[],
  repositoryUrl: string | undefined,
): string {
  const short = code(id.slice(0, 7));
  const commit = repositoryUrl === undefined ? short : `[${short}](${repositoryUrl}/commit/${id})`;
  return joined('\n\n', [
    `The merge brings these files back to what they were on ${momentOf(date)}, in the commit ${commit}.`,
    section('What comes back:', linesOf(contents, backWords, code)),
    section('What came later and is lost:', linesOf(contents, lostWords, code)),
    section('What cannot come back:', goneFieldWords(contents, code)),
    'Nothing is on the site yet. The plan below shows what the merge would change there, cell by cell, and the import after the merge does it.',
  ]);
}

/** Fields that come back to the files, but not to the site, because the collection has lost them. */
export function goneFieldWords(
  contents: readonly Returning[],
  named: (name: string) => string = String,
): readonly string[] {
  return contents.flatMap(({ name, goneFields: fields }) => {
    if (fields.length === 0) return [];
    const [noun, them] = fields.length === 1 ? ['field', 'it'] : ['fields', 'them'];
    return [
      `The collection ${named(name)} has no ${noun} ${fields.map((field) => named(field)).join(', ')} any more. Create ${them} again in the CMS before the merge, or the values stay only in git.`,
    ];
  });
}

const unitOf = { collection: 'item', localization: 'text' } as const;

function backWords({ kind, changes }: Returning): string {
  const { added, changed } = countsOf(changes);
  const cells = changes.flatMap((change) => (change.kind === 'changed' ? change.cells : [])).length;
  const unit = unitOf[kind];
  return joined('; ', [
    inNumber(added, `# {${unit}|${unit}s} removed since`),
    inNumber(changed, `${counted(cells, 'value')} in # {${unit}|${unit}s}`),
  ]);
}

function lostWords({ kind, deletes, changes }: Returning): string {
  const { removed, changed } = countsOf(changes);
  const fate = deletes === 'apply' ? 'the import deletes' : 'the site keeps';
  const unit = unitOf[kind];
  return joined('; ', [
    inNumber(changed, `the later edits in # {${unit}|${unit}s}`),
    // The texts of an item come and go with it.
    kind === 'collection' &&
      inNumber(removed, `# {item|items} added since, which ${fate} (deletes: ${deletes})`),
  ]);
}

/** `2026-11-20 03:00 UTC`. */
function momentOf(date: string): string {
  return `${date.slice(0, 16).replace('T', ' ')} UTC`;
}
