import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';
import type { Content } from '../config/config.ts';
import { transitMarks } from '../content/transit.ts';
import type { Cells } from '../content/versions.ts';
import { joinRows } from '../csv/join.ts';
import type { Commit } from '../repository/objects.ts';
import type { Git } from '../repository/run-git.ts';
import type { SyncRecord } from './sync-record.ts';
import { type Version, versionAt } from './version.ts';

/** Reads a record of the former format. Where `live/` differs from `base/`, it was offered to git. */
export async function formerRecord(
  git: Git,
  commit: Commit,
  { temp, now }: { readonly temp: string; readonly now: number },
): Promise<SyncRecord> {
  const open = (part: string) =>
    versionAt(git, commit.id, {
      below: part,
      folder: mkdtempSync(join(temp, 'former-')),
      placed: (content) => below(part, content),
    });
  const [base, live, sent] = [await open('base'), await open('live'), await open('sent')];
  return {
    commit: commit.id,
    branch: undefined,
    seen: commit.trailers.get('Compared'),
    files: new Map(),
    isCurrent: false,
    agreed: base,
    offered: (content) => offeredIn(base, live, content),
    sent: (content) => sentIn(sent, content, now + untilForgotten),
  };
}

function below(part: string, content: Content): Content {
  const path = `${part}/${content.path}`;
  return content.kind === 'collection'
    ? { ...content, path, schemaPath: `${part}/${content.schemaPath}` }
    : { ...content, path };
}

async function offeredIn(
  base: Version,
  live: Version,
  content: Content,
): Promise<readonly Cells[]> {
  const read = await live.open(content);
  const agreed = await base.open(content);
  if (read === undefined || agreed === undefined) return [];
  const records: Cells[] = [];
  for (const { key, row } of joinRows([read, agreed], 'different')) {
    const [now, then] = [row(0), row(1)];
    const cells = read.columns.map((column, i) => {
      const text = now?.cells[i] ?? '';
      const before = then?.cells[agreed.columns.indexOf(column)];
      return text === before ? '' : `=${text}`;
    });
    records.push([key, now === undefined ? 'removed' : 'written', '', '', ...cells]);
  }
  return records.length === 0 ? [] : [[...transitMarks, ...read.columns], ...records];
}

/** It had a column `#fate`, and no jobs. */
async function sentIn(sent: Version, content: Content, until: number): Promise<readonly Cells[]> {
  const table = await sent.open(content);
  if (table === undefined) return [];
  const at = table.columns.indexOf('#fate');
  const columns = table.columns.filter((_, i) => i !== at);
  const fates = new Map([
    ['removal', 'removed'],
    ['refill', 'refilled'],
  ]);
  const records = [...table.rows()].map(({ key, cells }) => {
    const texts = cells.filter((_, i) => i !== at).map((text) => `=${text}`);
    return [key, fates.get(cells[at] ?? '') ?? 'written', 'unknown', String(until), ...texts];
  });
  return [[...transitMarks, ...columns], ...records];
}

/** How long a job of an unknown run may still come, in milliseconds: as long as a run of GitHub may take. */
const untilForgotten = 6 * 3_600_000;
