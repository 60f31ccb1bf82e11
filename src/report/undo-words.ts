import type { Undo } from '../content/undo.ts';
import type { FileResult } from './result.ts';
import { inALine, inNumber, joined, numberInWords } from './text.ts';

/** `this undoes #42: 11 of the 12 cells that it changed go back to what they were; 1 was edited since and stays`. */
export function undoInWords(
  { sources }: FileResult,
  { change, cells, back, kept, laterEdits }: Undo,
): string {
  const some =
    back.cells === cells ? '{the cell|all # cells}' : `# of the ${numberInWords(cells)} cells`;
  const isItem = sources === undefined;
  const row = isItem ? 'item' : 'text';
  const words = joined('; ', [
    inNumber(
      back.cells,
      `${some} that it changed {goes back to what it was|go back to what they were}`,
    ),
    inNumber(laterEdits.length, '# {was edited since and goes|were edited since and go} back too'),
    inNumber(kept, '# {was edited since and stays|were edited since and stay}'),
    inNumber(
      back.rows,
      isItem
        ? '# {item comes back with its id|items come back with their ids}'
        : '# {text comes|texts come} back',
    ),
    inNumber(back.added, `# {${row} that it added goes|${row}s that it added go}`),
  ]);
  return joined(': ', [`this undoes ${change}`, words]);
}

/** What may be missed: edits that were made after the change that is undone. */
export function laterEditsInWords({ change, laterEdits }: Undo): string {
  const by = inALine([...new Set(laterEdits.map((edit) => edit.by))]);
  const sentence = `also takes back # {edit that was|edits that were} made since, in ${by}. The {warning below names it|warnings below name them}.`;
  return `Undoing ${change} ${inNumber(laterEdits.length, sentence)}`;
}
