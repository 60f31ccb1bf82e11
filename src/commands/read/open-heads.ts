import type { Content } from '../../config/config.ts';
import { type Finding, finding, type Rule } from '../../content/rules/finding.ts';
import type { CollectionSchema } from '../../content/schema.ts';
import type { Sides } from '../../content/versions.ts';
import { CsvError, type CsvProblem } from '../../csv/errors.ts';
import type { Table } from '../../csv/table.ts';
import { headSide } from '../../record/content-files.ts';
import type { Version } from '../../record/version.ts';
import { failureOf } from '../failures.ts';
import { type HeadContent, headContent } from '../import/import-content.ts';
import { type Going, nameOf, oneByOne } from '../run.ts';

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
  run: Going,
  contents: readonly Content[],
  version: Version,
  sidesOf: (content: Content, table: Table) => Promise<Sides>,
): Promise<Heads> {
  const opened = await oneByOne(run, contents, async (content) => ({
    content,
    ...(await openHead(content, version, sidesOf)),
  }));
  const isMissing = ({ head, findings }: Opened) => head === undefined && findings.length === 0;
  return {
    heads: opened.flatMap(({ head }) => head ?? []),
    findings: opened.flatMap(({ findings }) => findings),
    missing: opened.filter(isMissing).map(({ content }) => content),
  };
}

interface Opened {
  readonly head?: HeadContent;
  readonly findings: readonly Finding[];
}

async function openHead(
  content: Content,
  version: Version,
  sidesOf: (content: Content, table: Table) => Promise<Sides>,
): Promise<Opened> {
  try {
    const table = await version.open(content);
    if (table === undefined) return { findings: [] };
    const schema = await version.schema(content);
    const opened = await withSides(content, table, schema, () => sidesOf(content, table));
    return { ...opened, findings: [...opened.findings, ...dashboardRemark(content, table)] };
  } catch (error) {
    return { findings: [findingOf(error, content)] };
  }
}

function dashboardRemark({ path: file }: Content, { header }: Table): readonly Finding[] {
  if (header === undefined) return [];
  const words = `this is an export of the dashboard, so its ${header.length} headers were read as the fields that they name. The next export writes the file with keys.`;
  return [finding('dashboard-export', { file, line: 1 }, words)];
}

/** A pull request may repair a file that was broken: then there is nothing to compare it with. */
async function withSides(
  content: Content,
  table: Table,
  schema: CollectionSchema | undefined,
  sidesOf: () => Promise<Sides>,
): Promise<Opened> {
  try {
    return { head: headContent(content, table, await sidesOf(), schema), findings: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const sides = { head: headSide(table, content) };
    const head = headContent(content, table, sides, schema);
    const words =
      'the file as it was before cannot be read, so all its rows look new. Check the rows of the plan.';
    return { head, findings: [finding('unreadable-base', { file: content.path }, words)] };
  }
}

/** The problems that have a rule of their own. */
const rules: ReadonlyMap<CsvProblem, Rule> = new Map([
  ['CONFLICT_MARKER', 'conflict-marker'],
  ['DELIMITER', 'delimiter'],
]);

/** Throws again what is not about the contents of a file. */
function findingOf(error: unknown, content: Content): Finding {
  const { reason, place, message } = failureOf(error, nameOf(content));
  if (reason !== 'validation' || place === undefined) throw error;
  if (!(error instanceof CsvError))
    return { rule: 'unreadable', severity: 'error', place, message };
  const rule = rules.get(error.code) ?? 'unreadable';
  return { rule, severity: 'error', place, message: error.message };
}
