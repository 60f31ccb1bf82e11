import type { EmulatorOptions } from '../../emulator/emulator.ts';
import { path, type Situation } from './situation.ts';

export const title = { key: 'title', displayName: 'Title', type: 'TEXT' };
export const herbs = {
  key: 'herbs',
  displayName: 'Herbs',
  type: 'MULTI_REFERENCE',
  typeMetadata: { multiReference: { referencedCollectionId: 'herbs' } },
};
export const list = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, i) => `h${from + i}`);

export function teas(
  t1: readonly string[] = ['h1', 'h2'],
  t2: readonly string[] = ['h2'],
  t3: readonly string[] = [],
) {
  const items = [
    { _id: 't1', title: 'Tea 1', herbs: [...t1] },
    { _id: 't2', title: 'Tea 2', herbs: [...t2] },
    { _id: 't3', title: 'Tea 3', ...(t3.length > 0 && { herbs: [...t3] }) },
  ];
  const known = list(0, 999).map((_id) => ({ _id, title: _id }));
  const collections = [
    { id: 'products', fields: [title, herbs], items },
    { id: 'herbs', fields: [title], items: known },
  ];
  return { site: { collections }, importedMultiReferences: 'erased' } satisfies EmulatorOptions;
}

export function herbsOf({ emulator }: Situation): readonly unknown[] {
  const items = [...emulator.site.collection('products').items.values()];
  return items.map((item) => item.herbs ?? []);
}

/** Exports, and has a pull request merged that edits all titles, and what else is said. */
export async function retitled({ run, merge, file }: Situation, more = (text: string) => text) {
  await run({ command: 'export' });
  const edited = more((file(path) ?? '').replaceAll('Tea', 'Fine tea'));
  merge({ [path]: edited });
  return edited;
}
