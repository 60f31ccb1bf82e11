import { type Faults, notAccessible, notFound, serverError } from '../github-stand-in/faults.ts';

/** What an operation of GitHub may meet. */
export interface GitHubFault {
  readonly name: string;
  readonly strike: (on: Faults, operation: string) => void;
}

/** One fault for each way in which a command can come out of it. */
export const gitHubFaults: readonly GitHubFault[] = [
  { name: 'reset after', strike: (on, operation) => on.loseAnswer(operation) },
  { name: '403, for good', strike: (on, operation) => on.answer(operation, notAccessible, 9) },
  { name: '404, for good', strike: (on, operation) => on.answer(operation, notFound, 9) },
  { name: '502, for good', strike: (on, operation) => on.answer(operation, serverError, 9) },
];
