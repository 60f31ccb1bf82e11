import type { Content } from '../config/config.ts';
import type { ImportInputs } from '../inputs.ts';
import type { Result } from '../report/result.ts';
import { headCommit } from '../repository/git.ts';
import type { WixClient } from '../wix/client.ts';
import { followEarlierImports, writeAll } from './apply.ts';
import { keepBackup } from './backup.ts';
import { type RecordedVersions, recordedVersions } from './base.ts';
import type { Versioned } from './export-content.ts';
import { failureOf } from './failures.ts';
import {
  type HeadContent,
  isSettled,
  isTouched,
  openHead,
  planContent,
  policyOf,
  validateHead,
} from './import-content.ts';
import {
  appliedResult,
  invalidResult,
  stoppedResult,
  unchangedResult,
  whyStop,
} from './import-result.ts';
import { readCollections, readContents } from './read-contents.ts';
import { bringBaseForward, type Forwarded } from './record-base.ts';
import { refuseOlderCommit } from './refuse-older-commit.ts';
import { nameOf, type Run } from './run.ts';
import { verifyAll } from './verify.ts';
import { writeIdsBack } from './write-ids-back.ts';

/** Brings git's edits to the site: product.md, "import". */
export async function runImport(
  run: Run,
  inputs: ImportInputs,
  client: WixClient,
): Promise<Result> {
  const deadline = run.clock.now() + inputs.timeoutMinutes * 60_000;
  const versions = await recordedVersions(run, inputs.siteId, inputs.base);
  const heads = openHeads(run, inputs, versions);
  const touched = heads.filter((head) => isTouched(head, policyOf(inputs, head.content)));
  const findings = touched.flatMap(validateHead);
  const situation = { findings, warnings: versions.warnings };
  if (findings.some(({ severity }) => severity === 'error')) return invalidResult(situation);
  await refuseOlderCommit(run, inputs, versions);
  if (touched.length === 0) {
    const warnings = await record(run, inputs, heads.map(withoutLive));
    return unchangedResult({ findings, warnings: [...versions.warnings, ...warnings] });
  }

  await followEarlierImports(run, client, deadline);
  const collections = await readCollections(client);
  const read = { collections, extent: 'whole', deadline } as const;
  const contents = touched.map(({ content }) => content);
  const site = await readContents(run, client, contents, read);
  for (const failure of site.failed.values()) throw failure;
  const backupDirectory = keepBackup(run, site.downloads);

  const plans = site.opened.map((live) => {
    const head = headOf(touched, live.content);
    return planContent(head, live, policyOf(inputs, head.content), run.config.limits);
  });
  const planned = { ...situation, backupDirectory };
  const stop = whyStop(inputs, plans);
  if (stop !== undefined) {
    const warnings = await record(run, inputs, site.opened.map(forwarded));
    const stopped = { ...planned, warnings: [...versions.warnings, ...warnings] };
    return stoppedResult(stopped, plans, stop);
  }

  const applied = await writeAll(run, client, plans, deadline);
  const verified = await verifyAll(run, client, applied, { ...read, verify: inputs.verify });
  const afterwards = verified.map(({ after }) => forwarded(after));
  const warnings = run.signal.aborted ? [] : await record(run, inputs, afterwards);
  const ids = await writeIdsBack(run, inputs, versions, verified);
  const all = [...versions.warnings, ...warnings, ...ids.warnings];
  return {
    ...appliedResult(inputs, { ...planned, warnings: all }, verified),
    ...ids,
    warnings: all,
  };
}

function openHeads(
  run: Run,
  { reconcile }: ImportInputs,
  versions: RecordedVersions,
): readonly HeadContent[] {
  const folders = { ...versions, head: run.workspace };
  return run.config.contents.flatMap((content) => {
    if (reconcile === 'changes' && isSettled(content, folders)) return [];
    const head = opened(content, folders);
    if (head === undefined) run.log.info(`${content.path} is not in git, so it is not imported.`);
    return head ?? [];
  });
}

function opened(content: Content, folders: Versioned): HeadContent | undefined {
  try {
    return openHead(content, folders);
  } catch (error) {
    throw failureOf(error, nameOf(content));
  }
}

function headOf(heads: readonly HeadContent[], content: HeadContent['content']): HeadContent {
  const head = heads.find((each) => each.content === content);
  if (head === undefined) throw new Error(`${content.path} was read but is not touched`);
  return head;
}

async function record(
  run: Run,
  { siteId }: ImportInputs,
  contents: readonly Forwarded[],
): Promise<readonly string[]> {
  if (run.git === undefined) return [];
  const imported = await headCommit(run.git);
  const warning = await bringBaseForward(run, run.git, siteId, run.workspace, contents, imported);
  return warning === undefined ? [] : [warning];
}

/** A content that was not read: what git holds now may still agree with the last record. */
function withoutLive({ content, schema }: HeadContent): Forwarded {
  return { content, schema, live: undefined, reach: 'all' };
}

function forwarded(live: Omit<Forwarded, 'reach'>): Forwarded {
  const { content } = live;
  const isFiltered = content.kind === 'collection' && content.filter !== undefined;
  return { ...live, reach: isFiltered ? 'known-only' : 'all' };
}
