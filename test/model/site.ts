import { type Emulator, startEmulator } from '../../emulator/emulator.ts';
import type { Settings } from '../../emulator/settings.ts';
import { makeRepository, type Repository } from './repository.ts';
import { type GatedClock, gatedClock, runCommand } from './running.ts';
import { collection, paths } from './tables.ts';

/** What holds for a whole sequence. */
export interface Setting {
  /** How the configuration keeps a field out of git. */
  readonly keeps: 'exclude' | 'fields';
  readonly upload: 'csv' | 'jsonl';
  /** `refill`: they are applied, and imports empty the collection first. */
  readonly deletes: 'keep' | 'apply' | 'refill';
  /** How exports come into git, mostly. */
  readonly publishing: 'push' | 'pull-request';
  readonly wix: Partial<Settings>;
}

const siteId = '11111111-2222-3333-4444-555555555555';
export const recordRef = `refs/wix-cms/${siteId}`;

const items = ['i1', 'i2', 'i3', 'i4'].map((id, i) => ({
  _id: id,
  title: `title ${id}`,
  price: i + 1,
  notes: `notes ${id}`,
  secret: `secret ${id}`,
  related: [`r${i}`],
}));

export function startSite(
  clock: GatedClock,
  { wix, deletes }: Pick<Setting, 'wix' | 'deletes'>,
): Promise<Emulator> {
  const jobSteps = { uninitialized: 0, initializing: 0, inProgress: 0 };
  // An import that empties the collection would lose multi-references, and is refused where there are any.
  const held = deletes === 'refill' ? items.map(({ related: _, ...item }) => item) : items;
  const site = { id: siteId, collections: [{ ...collection, items: held }] };
  return startEmulator({ jobSteps, shuffle: true, ...wix, site, clock });
}

/** A repository whose content was exported once, to be copied for each sequence. */
export async function makeTemplate(): Promise<Repository> {
  const time = gatedClock();
  const repository = makeRepository({ 'README.md': 'A site.\n' }, paths);
  const setting = { keeps: 'exclude', upload: 'csv', deletes: 'keep', wix: {} } as const;
  const emulator = await startSite(time, setting);
  const config = configOf({ ...setting, publishing: 'push' });
  await runCommand(emulator, time, repository.checkOut(repository.tip()), {
    inputs: { command: 'export', commit: 'push' },
    config,
  });
  await emulator.close();
  return repository;
}

/** .github/wix-cms.yml; the limits have tests of their own. */
export function configOf({ keeps, upload, deletes }: Setting): string {
  const isRefill = deletes === 'refill';
  const selection =
    keeps === 'exclude' || isRefill
      ? 'exclude: [secret, related]'
      : 'fields: [title, price, notes]';
  return `collections:
  - id: items
    ${selection}
    upload-format: ${upload}
    deletes: ${isRefill ? 'apply' : deletes}
    write-policy: ${isRefill ? 'truncate-before' : 'overwrite'}
limits:
  max-deletes: 100
  max-changes: 100
  allow-empty: true
`;
}
