import {
  badCredentials,
  type Faults,
  gateway,
  notAccessible,
  notFound,
  primaryRateLimit,
  secondaryRateLimit,
  serverError,
  trouble,
} from '../github-stand-in/faults.ts';

/** What an operation of GitHub may meet. */
export interface GitHubFault {
  readonly name: string;
  readonly strike: (on: Faults, operation: string) => void;
  /** How long an answer may take, in real milliseconds, where the fault is that none comes. */
  readonly timeLimit?: number;
}

export const gitHubFaults: readonly GitHubFault[] = [
  { name: '429, used up', strike: (on, operation) => on.answer(operation, primaryRateLimit(1)) },
  { name: '500', strike: (on, operation) => on.answer(operation, trouble(500)) },
  { name: '502', strike: (on, operation) => on.answer(operation, serverError) },
  { name: '502, HTML', strike: (on, operation) => on.answer(operation, gateway) },
  { name: '503', strike: (on, operation) => on.answer(operation, trouble(503)) },
  {
    name: '403, rate limit',
    strike: (on, operation) => on.answer(operation, secondaryRateLimit(9)),
  },
  { name: 'reset before', strike: (on, operation) => on.refuseConnection(operation) },
  { name: 'reset after', strike: (on, operation) => on.loseAnswer(operation) },
  { name: 'half a body', strike: (on, operation) => on.breakAnswer(operation) },
  { name: 'no body', strike: (on, operation) => on.answerNothing(operation) },
  // Every other answer has to come within the limit, too, on a machine that has much to do.
  { name: 'silence', strike: (on, operation) => on.keepSilent(operation), timeLimit: 5_000 },
  { name: '401, for good', strike: (on, operation) => on.answer(operation, badCredentials, 9) },
  { name: '403, for good', strike: (on, operation) => on.answer(operation, notAccessible, 9) },
  { name: '404, for good', strike: (on, operation) => on.answer(operation, notFound, 9) },
  { name: '502, for good', strike: (on, operation) => on.answer(operation, serverError, 9) },
];
