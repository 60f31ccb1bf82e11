import type { Content } from '../../config/config.ts';
import { type Finding, finding, type Rule } from '../../content/rules/finding.ts';
import { CsvError, type CsvProblem } from '../../csv/errors.ts';
import type { Table } from '../../csv/table.ts';
import type { Versioned } from '../export/export-content.ts';
import { failureOf } from '../failures.ts';
import { type HeadContent, headContent } from '../import/import-content.ts';
import { type Going, nameOf, oneByOne } from '../run.ts';
import { openContent } from './sides.ts';

/** The contents that git holds, and what is wrong with those that can not be read. */
export interface Heads {
  readonly heads: readonly HeadContent[];
  readonly findings: readonly Finding[];
  /** The contents that git has no file of: they are not managed. */
  readonly missing: readonly Content[];
}

/** Opens these contents as git holds them. */
export async function openHeads(
  run: Going,
  contents: readonly Content[],
  folders: Versioned,
): Promise<Heads> {
  const opened = await oneByOne(run, contents, (content) => ({
    content,
    ...openHead(content, folders),
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

function openHead(content: Content, folders: Versioned): Opened {
  try {
    const table = openContent(folders.head, content);
    return table === undefined ? { findings: [] } : withBase(content, table, folders);
  } catch (error) {
    return { findings: [findingOf(error, content)] };
  }
}

/** What git repairs may have been broken before, and then there is nothing to compare it with. */
function withBase(content: Content, table: Table, folders: Versioned): Opened {
  try {
    return { head: headContent(content, table, folders), findings: [] };
  } catch (error) {
    if (!(error instanceof CsvError)) throw error;
    const head = headContent(content, table, { ...folders, base: undefined, recorded: undefined });
    /**
     * @cause The pull request mends a file that was broken before.
     * @remedy Nothing, if the rows of the plan are right.
     */
    const words = 'the file as it was before can not be read, so all its rows look new.';
    return { head, findings: [finding('unreadable-base', { file: content.path }, words)] };
  }
}

/** What some problems are called that have a rule of their own. */
const rules: ReadonlyMap<CsvProblem, Rule> = new Map([
  ['CONFLICT_MARKER', 'conflict-marker'],
  ['DELIMITER', 'delimiter'],
]);

/** Rethrows what is not about the contents of a file. */
function findingOf(error: unknown, content: Content): Finding {
  const { reason, place, message } = failureOf(error, nameOf(content));
  if (reason !== 'validation' || place === undefined) throw error;
  if (!(error instanceof CsvError))
    return { rule: 'unreadable', severity: 'error', place, message };
  const rule = rules.get(error.code) ?? 'unreadable';
  return { rule, severity: 'error', place, message: error.message };
}
