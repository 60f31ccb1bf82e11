import { pages } from './commands.ts';

/** A text and where it stands. */
interface Source {
  readonly name: string;
  readonly text: string;
}

/** The YAML blocks of a page. */
export function yamlBlocks({ name, text }: Source): readonly Source[] {
  return [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map(({ 1: block = '', index }) => ({
    name: `${name}:${text.slice(0, index).split('\n').length}`,
    text: block,
  }));
}

/** The YAML blocks of every page. */
export const blocks = [...pages].flatMap(([page, text]) =>
  yamlBlocks({ name: page, text }).map((block) => ({ page, text: block.text })),
);

/**
 * The YAML block of a page that holds some words.
 *
 * @throws where there is none, or more than one.
 */
export function yamlOn(page: string, words: string): string {
  const found = blocks.filter((block) => block.page === page && block.text.includes(words));
  if (found.length !== 1 || found[0] === undefined) {
    throw new Error(`${page} has ${found.length} blocks of YAML with "${words}"`);
  }
  return found[0].text;
}
