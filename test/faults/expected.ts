import type { WixRequestKind } from './wix-requests.ts';

/** How far an import has come when a request of this name is made. */
function extentAt(name: string): string {
  if (/read-back|items that have gone/.test(name)) return 'all written';
  const later = [
    'look the import up',
    'submit the import of the other rows',
    'follow the import',
    'read the log',
    'look at what the import was',
    'look at the items that are to go',
    'remove items',
  ];
  return later.some((each) => name.startsWith(each)) ? 'rows written' : 'nothing written';
}

/** What does not pass by itself, and the failure-reason that it gives. */
const reasons: ReadonlyMap<string, string> = new Map([
  ['403', 'auth'],
  ['404', 'api'],
  ['reset after, for good', 'api'],
]);

/** What is ridden out at some requests alone. */
const exceptions: readonly (readonly [request: RegExp, faults: RegExp, outcome: string])[] = [
  // A job that is there was submitted, whether or not anybody said so.
  [/^submit/, /^reset after, for good$/, 'ridden out'],
  // Jobs that may not be queried are asked for one by one.
  [/^(look the .* up|follow|look for imports)/, /^40[34]$/, 'ridden out'],
  // A host of files says so of a URL that is no good yet, or any more: a fresh one may be.
  [/^(download|upload)/, /^40[34]$/, 'ridden out'],
  // The job may be gone while its file is still there.
  [/^ask for the file/, /^404$/, 'ridden out'],
  // Where Wix lets nobody look, nothing was seen to be lost either, and a warning says so.
  [/^(look at what the import does not|count the items)/, /^40[34]$/, 'warning'],
  // Edits are only looked for once more, and the log says where nobody could.
  [/^look at what was edited/, /^40[34]$|for good$/, 'log'],
  // Removed they are, but nobody says so.
  [/^remove items/, /^reset after, for good$/, 'api, all written'],
];

/** What is to come of a request of this kind that meets a fault of this name. */
export function expectedOutcome({ name }: WixRequestKind, fault: string): string {
  const exception = exceptions.find(
    ([request, faults]) => request.test(name) && faults.test(fault),
  );
  if (exception !== undefined) return exception[2];
  const reason = reasons.get(fault);
  return reason === undefined ? 'ridden out' : `${reason}, ${extentAt(name)}`;
}
