import type { ImportPolicy } from './import-plan.ts';
import type { LiveCollection } from './schema.ts';

/**
 * Why an import cannot write to a collection, and what to do; `undefined` if it can, or if the site does
 * not say (wix-api.md 6.2 and 11).
 */
export function whyUnwritable(
  { operations, singleItem, draftsCollection }: LiveCollection,
  writePolicy: ImportPolicy['writePolicy'],
): string | undefined {
  if (singleItem !== undefined) {
    return 'it holds a single item, which imports cannot write. Edit it in the CMS.';
  }
  if (draftsCollection !== undefined) {
    return `its edits belong in ${draftsCollection}, which holds its drafts: an import would publish them at once. Edit it in the CMS.`;
  }
  if (operations === undefined || operations.length === 0) return undefined;
  const needed = writePolicy === 'truncate-before' ? ['BULK_SAVE', 'TRUNCATE'] : ['BULK_SAVE'];
  const missing = needed.find((operation) => !operations.includes(operation));
  if (missing === undefined) return undefined;
  return missing === 'TRUNCATE'
    ? 'Wix does not allow emptying it. Use write-policy overwrite for it.'
    : 'Wix does not allow writing to it, as with most collections of its apps. Edit it in the app that owns it.';
}
