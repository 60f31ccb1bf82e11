import type { FieldSchema } from '../../content/schema.ts';
import type { RestoreInputs } from '../../inputs.ts';
import type { WixClient } from '../../wix/client.ts';
import { createCollection, listCollections } from '../../wix/collections.ts';
import type { RestoredContent } from './restored-content.ts';

/**
 * Creates the collections that the site has lost, as their schema files describe them; without the
 * input `create-collections`, says that somebody has to.
 *
 * @returns a message about each.
 */
export async function remakeCollections(
  { createCollections }: Pick<RestoreInputs, 'createCollections'>,
  client: WixClient,
  contents: readonly RestoredContent[],
): Promise<readonly string[]> {
  const known = new Set((await listCollections(client)).map(({ id }) => id));
  const words: string[] = [];
  for (const { content, schema } of contents) {
    if (content.kind === 'localization' || schema === undefined || known.has(content.id)) continue;
    const { id, schemaPath } = content;
    if (!createCollections) {
      words.push(
        `The site has no collection ${id} any more. Run the restore with the input create-collections set to true, which creates it as ${schemaPath} describes it; or create it in the CMS. ${itemsComeBack}`,
      );
      continue;
    }
    const fields = schema.fields.filter(({ key }) => !key.startsWith('_')).map(newField);
    await createCollection(client, { id, displayName: id, fields });
    const translatable = schema.fields.filter((field) => field.translatable);
    words.push(
      `The collection ${id} was created again, without its items. Give it its name and its permissions in the CMS.${translatable.length === 0 ? '' : ' Make it translatable again in Wix Multilingual.'} ${itemsComeBack}`,
    );
  }
  return words;
}

/** Any other import takes them for items that somebody has deleted in the CMS. */
const itemsComeBack =
  'Then merge the pull request if there is one, and run an import with the input reconcile set to all, which brings its items back.';

/** A field as a collection is created with it. */
export function newField({ key, displayName, type, references }: FieldSchema) {
  const metadata = references && { reference: { referencedCollectionId: references } };
  return { key, displayName, type, ...(metadata && { typeMetadata: metadata }) };
}
