import { readFileSync } from 'node:fs';
import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/**
 * Plays the model over the product's code with a bug planted in it, to see whether the model finds it.
 *
 * Usage: node planted.ts <bug> [histories]. Prints how many histories it took, or "not found".
 */

/** A text of a file of `src/content`, and what takes its place. */
interface Bug {
  readonly file: string;
  readonly is: string;
  readonly becomes: string;
}

export const bugs: Readonly<Record<string, Bug>> = {
  'offers are not kept': {
    file: 'merge.ts',
    is: 'return [...open, ...offers.filter((offer) => !isOpen(offer))];',
    becomes: 'return [];',
  },
  'one offer per row is kept': {
    file: 'merge.ts',
    is: 'return [...open, ...offers.filter((offer) => !isOpen(offer))];',
    becomes: 'return [...open, ...offers.filter((offer) => !isOpen(offer))].slice(-1);',
  },
  'offers end when the sides agree': {
    file: 'merge.ts',
    is: '  { head, past, offered, recorded }: RowVersions,\n): readonly Transit[] {\n',
    becomes:
      '  { head, past, offered, recorded, live }: RowVersions,\n): readonly Transit[] {\n  if (head && live && head.every((text, i) => text === live[i])) return [];\n',
  },
  'the commits in between are not looked at': {
    file: 'merge.ts',
    is: 'for (const git of [...past, head]) {',
    becomes: 'for (const git of [head]) {',
  },
  'a corrected cell counts as taken': {
    file: 'merge.ts',
    is: "if (isTaken[i]) return git[i] ?? '';",
    becomes: "return git[i] ?? '';",
  },
  'every difference from a proposal counts as corrected': {
    file: 'versions.ts',
    is: 'return !isTip(recorded) && [...past, head].some(isTip);',
    becomes: 'return true;',
  },
  'notes end with any run': {
    file: 'merge.ts',
    is: '.filter((transit) => isOpen(columns, row, transit, now))',
    becomes: '.filter(() => false)',
  },
  'notes are not looked at': {
    file: 'merge.ts',
    is: 'const arrived = row.sent.reduce<Cells | null>(',
    becomes: 'const arrived = [].reduce<Cells | null>(',
  },
  "the job's word is ignored": {
    file: 'merge.ts',
    is: "const isApplied = job?.end === 'applied';",
    becomes: 'const isApplied = false; void job;',
  },
  'what was sent counts as arrived': {
    file: 'merge.ts',
    is: "const isApplied = job?.end === 'applied';",
    becomes: 'const isApplied = true; void job;',
  },
  'a new row is agreed by halves': {
    file: 'merge.ts',
    is: 'if (agreed === null) return isSame.every(Boolean) ? head : null;',
    becomes: 'if (agreed === null) return head;',
  },
  'what only the CMS has is noted as git’s': {
    file: 'import-plan.ts',
    is: '(isGits ? cells : kept)',
    becomes: 'cells',
  },
  'rows that a job took away count as removed': {
    file: 'merge.ts',
    is: ".filter((each) => isRefill(each) && each.job?.end !== 'applied' && each.job?.end !== 'unsent')",
    becomes: '.filter(() => false)',
  },
};

if (import.meta.main) {
  const [name = '', histories = '1000000'] = process.argv.slice(2);
  plant(name);
  const { foundAfter } = await import('./play.ts');
  const count = foundAfter(1, Number(histories));
  process.stdout.write(count === undefined ? 'not found' : `${count} histories`);
}

/** Has node load the file with the bug in it. */
function plant(name: string): void {
  const bug = bugs[name];
  if (bug === undefined) throw new Error(`Name one of these: ${Object.keys(bugs).join(' · ')}`);
  const path = join(import.meta.dirname, '../../../src/content', bug.file);
  if (readFileSync(path, 'utf8').split(bug.is).length !== 2) {
    throw new Error(`${path} does not hold once: ${bug.is}`);
  }
  const target = pathToFileURL(path).href;
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (url !== target) return loaded;
      return { ...loaded, source: String(loaded.source).replace(bug.is, () => bug.becomes) };
    },
  });
}
