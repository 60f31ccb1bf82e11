import type { Result } from '../../src/report/result.ts';
import {
  aCell,
  aChange,
  aConflict,
  aFile,
  aFinding,
  aLoss,
  aMismatch,
  aRejection,
  file,
} from './samples.ts';

/** The result with this text in every place that content, Wix or git can fill. */
export function everywhere(text: string, result: Result): Result {
  const column = { key: text, type: 'TEXT' };
  const [old, next] = [`${text} 1`, `${text} 2`];
  const changes = [
    aChange({ key: text, cells: [aCell(text, old, next), aCell(text, '', text)] }),
    aChange({ kind: 'added', key: text, cells: [aCell(text, undefined, text)] }),
    aChange({ kind: 'removed', key: text, cells: [aCell(text, text, undefined)] }),
  ];
  const content = aFile({
    name: `${text}-`,
    path: file,
    titles: new Map([[text, text]]),
    columns: { added: [text], dropped: [text] },
    changes,
    drift: changes,
    pending: changes,
    caughtUp: changes,
    conflicts: [
      aConflict({ key: text, column, base: text, git: old, cms: next }),
      aConflict({ key: text, column: undefined }),
    ],
    rejections: [
      aRejection({ key: text, code: text, words: text }),
      aRejection({ key: undefined, source: text, code: text, words: text }),
    ],
    mismatches: [aMismatch({ key: text, field: text, sent: old, stored: next })],
    losses: [aLoss({ key: text, field: text, held: [text] })],
    remarks: [text],
    orphans: 1,
    failure: { reason: 'api', message: text },
  });
  return {
    ...result,
    failureMessage: text,
    files: [content],
    findings: [
      aFinding({ message: text }),
      aFinding({ message: text, severity: 'warning', place: { file: `${text}.yml`, line: 1 } }),
      aFinding({ message: text, rule: 'max-deletes' }),
    ],
    warnings: [text],
    branch: text,
    commitPlanned: text,
    fingerprint: text,
    backupDirectory: text,
  };
}
