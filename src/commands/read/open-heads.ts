import type { Content } from '../../config/config.ts';
import { isOfDashboard } from '../../content/identity.ts';
import { type Finding, finding, headerOf, quoted, type Rule } from '../../content/rules/finding.ts';
import type { Sides } from '../../content/versions.ts';
import { CsvError, type CsvProblem } from '../../csv/errors.ts';
import type { Table } from '../../csv/table.ts';
import { headSide } from '../../record/content-files.ts';
import { ifReadable, type Version } from '../../record/version.ts';
import { failureOf, oneByOne, type Run } from '../run.ts';
import { type HeadContent, headContent } from './head-content.ts';

/** The contents in git, and what is wrong with those that cannot be read. */
export interface Heads {
  readonly heads: readonly HeadContent[];
  readonly findings: readonly Finding[];
  /** The contents without a file in git: they are not managed. */
  readonly missing: readonly Content[];
}

/**
 * Opens these contents as a version of git has them.
 *
 * @param sidesOf gives the other versions of a content.
 */
export async function openHeads(
  run: Pick<Run, 'signal'>,
  contents: readonly Content[],
  version: Version,
  sidesOf: (content: Content, table: Table) => Promise<Sides>,
): Promise<Heads> {
  const heads: HeadContent[] = [];
  const findings: Finding[] = [];
  const missing: Content[] = [];
  await oneByOne(run, contents, async (content) => {
    try {
      const table = await version.open(content);
      if (table === undefined) {
        missing.push(content);
        return;
      }
      const schema = await version.schema(content);
      const sides = await ifReadable(sidesOf(content, table));
      if (sides === undefined) {
        const words =
          'the file as it was before cannot be read, so all its rows look new. Check the rows of the plan.';
        findings.push(finding('unreadable-base', { file: content.path }, words));
      }
      heads.push(headContent(content, table, sides ?? { head: headSide(table, content) }, schema));
      const { header } = table;
      if (header && isOfDashboard(header)) findings.push(dashboardExport(table, header));
    } catch (error) {
      findings.push(findingOf(error, content));
    }
  });
  return { heads, findings, missing };
}

function dashboardExport(table: Table, header: readonly string[]): Finding {
  const others = header.filter((_, i) => table.columns[i]?.startsWith('#')).map(quoted);
  const left =
    others.length === 0 ? '' : ` Those that name none are not imported: ${others.join(', ')}.`;
  const words = `this is an export of the dashboard, so its ${header.length} headers were read as the fields that they name.${left} The next export writes the file with keys.`;
  return finding('dashboard-export', headerOf(table), words);
}

/** The problems that have a rule of their own. */
const rules: ReadonlyMap<CsvProblem, Rule> = new Map([
  ['CONFLICT_MARKER', 'conflict-marker'],
  ['DELIMITER', 'delimiter'],
]);

/** Throws again what is not about the contents of a file. */
function findingOf(error: unknown, content: Content): Finding {
  const { reason, place, message } = failureOf(error, content);
  if (reason !== 'validation' || place === undefined) throw error;
  const known = error instanceof CsvError ? error : undefined;
  const rule = (known && rules.get(known.code)) ?? 'unreadable';
  return { rule, severity: 'error', place, message: known?.message ?? message };
}
