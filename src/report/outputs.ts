import { countOf, type Result, totals } from './result.ts';

/** Where the reports of a run are; empty if there is none. */
type Reports = Readonly<Record<'report-json' | 'report-html' | 'badge-json', string>>;

export function outputsOf(result: Result, reports: Reports): Readonly<Record<string, string>> {
  const { added, changed, removed, rejected, conflicting } = totals(result.files);
  return {
    status: result.status,
    'failure-reason': result.failureReason ?? '',
    changed: String(isChanged(result)),
    'rows-added': String(added),
    'rows-changed': String(changed),
    'rows-removed': String(removed),
    'rows-rejected': String(rejected),
    'rows-conflicting': String(conflicting),
    'commit-sha': result.commit ?? '',
    branch: result.branch ?? '',
    'pull-request-number': String(result.pullRequest?.number ?? ''),
    'pull-request-url': result.pullRequest?.url ?? '',
    fingerprint: result.fingerprint ?? '',
    'backup-directory': result.backupDirectory ?? '',
    ...reports,
  };
}

/** An export may change only the layout of files; a plan, only show what the CMS changed. */
function isChanged({ command, status, files }: Result): boolean {
  const rows = countOf(files, 'changes') > 0;
  if (command === 'import') return rows;
  return status === 'failed' ? rows : status !== 'unchanged';
}
