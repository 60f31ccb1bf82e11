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

/**
 * Where a page fences off YAML in another way than `yamlBlocks` looks for: indented, quoted, with
 * tildes, a title or more marks, or without a language. No test would see such a block.
 */
export function oddFences({ name, text }: Source): readonly string[] {
  const odd = [...text.matchAll(fence)].filter(
    ([, before = '', marks = '', words = '', block = '', end]) => {
      if (end === undefined) return true;
      if (words.trim() === '') return /^[\s>]*(- )?[a-z][\w-]*:( |$)/m.test(block);
      return /ya?ml/i.test(words) && !/^```ya?ml$/.test(before + marks + words);
    },
  );
  return odd.map(({ index }) => `${name}:${text.slice(0, index).split('\n').length}`);
}

/** What begins a fence, as an item or a quote too; what it holds, and its end, if it has one. */
const fence =
  /^([ >*+-]*(?:\d+[.)] +)?)(`{3,}|~{3,})(.*)\n([\s\S]*?)(?:^([ >]*\2[`~]* *)$|(?![\s\S]))/gm;

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
