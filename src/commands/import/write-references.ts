import type { Write } from '../../content/import-plan.ts';
import { multiReferences } from '../../content/schema.ts';
import { referencedIds } from '../../content/values/value.ts';
import { asFailure } from '../../errors.ts';
import type { WixClient } from '../../wix/client.ts';
import { Refusal } from '../../wix/failures.ts';
import { Items, type ReferenceList } from '../../wix/items.ts';
import { isTruncating, type Plan } from '../compare/plan.ts';
import type { Outcome } from './outcome.ts';
import type { SentRows } from './write-content.ts';

/** The rows that have to be in a file: all but those in which git changed only multi-references. */
export function rowsOfFile(plan: Plan, writes: readonly Write[]): readonly Write[] {
  const fields = referenceFields(plan);
  if (fields.size === 0 || isTruncating(plan.head.content)) return writes;
  return writes.filter(
    ({ cells }) => cells.size === 0 || [...cells.keys()].some((field) => !fields.has(field)),
  );
}

/**
 * Writes the multi-references that git changed, which no file carries (wix-api.md 11). They need all rows
 * to be there, those of other collections too.
 */
export async function writeReferences(client: WixClient, outcome: Outcome): Promise<Outcome> {
  const { plan } = outcome;
  const collection = plan.live.collection?.id ?? '';
  const fields = referenceFields(plan);
  const held = new Set(outcome.held.map(({ key }) => key));
  const sent = [...outcome.sent];
  let { asked } = outcome;
  try {
    for (const { key, cells, now, place } of plan.writes) {
      for (const [field, text] of held.has(key) ? [] : cells) {
        const referenced = referencedIds(text);
        if (!fields.has(field) || (now === undefined && referenced.length === 0)) continue;
        asked = true;
        const rejected = await replaced(client, collection, { item: key, field, referenced });
        sent.push({ columns: [field], rows: [{ key, cells: [text], place }], rejected });
      }
    }
    return { ...outcome, sent, asked };
  } catch (error) {
    return { ...outcome, sent, asked, failure: asFailure(error) };
  }
}

async function replaced(
  client: WixClient,
  collection: string,
  reference: ReferenceList,
): Promise<SentRows['rejected']> {
  try {
    await new Items(client, collection).replaceReferences(reference);
    return [];
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason === 'auth') throw error;
    return [{ source: reference.item, code: error.code ?? '', description: error.message }];
  }
}

function referenceFields({ live: { collection } }: Plan): ReadonlySet<string> {
  return new Set(collection && multiReferences(collection));
}
