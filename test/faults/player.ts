/** A cell of a matrix, by the numbers of its row and its column. */
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export interface PlayedCell extends Cell {
  readonly outcome: string;
}

/**
 * Plays the cells that the parent of this process asks for, in a process of its own: git is started
 * some fifty times for each, and a process starts others the faster the smaller it is.
 *
 * @param play answers how it went.
 */
export function playForParent<T extends Cell>(play: (cell: T) => Promise<string>): void {
  process.on('message', (cell: T) => {
    const answer = (outcome: string) => {
      const played: PlayedCell = { row: cell.row, column: cell.column, outcome };
      process.send?.(played);
    };
    play(cell).then(answer, (error: unknown) =>
      answer(`PROBLEM: ${error instanceof Error ? error.stack : error}`),
    );
  });
}
