import fc from 'fast-check';
import type { JobTrouble } from '../../emulator/faults.ts';
import type { Result } from '../../src/report/result.ts';
import type { Running } from './judged-run.ts';
import type { Merging } from './proposal.ts';
import type { Setting } from './site.ts';
import { collection, type FieldName, fields, type Line } from './tables.ts';
import type { World } from './world.ts';

/**
 * One step of a sequence, as plain data. Rows and fields are numbers, taken modulo what there is
 * when the step is played, so that a step means something wherever shrinking leaves it.
 */
export type Step =
  | { readonly kind: 'edit'; readonly on: On; readonly row: number; readonly field: number }
  | { readonly kind: 'clear'; readonly on: On; readonly row: number; readonly field: number }
  /** Somebody in git types what the site holds already. */
  | { readonly kind: 'agree'; readonly row: number; readonly field: number }
  | { readonly kind: 'add'; readonly on: On; readonly withId: boolean }
  | { readonly kind: 'remove'; readonly on: On; readonly row: number }
  | { readonly kind: 'reorder' }
  | { readonly kind: 'edit-hidden'; readonly row: number }
  | { readonly kind: 'lose' }
  | ({ readonly kind: 'merge' } & Merging)
  | { readonly kind: 'update'; readonly winner: Merging['winner'] }
  | { readonly kind: 'correct'; readonly row: number; readonly field: number }
  | { readonly kind: 'close'; readonly keeps: boolean }
  | ({
      readonly kind: 'run';
      readonly trouble: Trouble;
      /** What happens while the run waits at `pauseAt`. */
      readonly meanwhile?: Step | undefined;
    } & Running);

type On = 'git' | 'site';

/** What goes wrong on the other end while a run is at work. */
type Trouble =
  | { readonly kind: 'none' }
  | { readonly kind: 'job'; readonly of: 'import' | 'export'; readonly how: JobTrouble }
  | { readonly kind: 'reject'; readonly row: number }
  | { readonly kind: 'refuse'; readonly refs: string };

const any = fc.nat({ max: 7 });
const field = fc.nat({ max: fields.length - 1 });
const on = fc.constantFrom<On>('git', 'site');

const rows = fc.nat({ max: 3 });
const how: fc.Arbitrary<JobTrouble> = fc.oneof(
  fc.record({ end: fc.constant('FAILED'), code: fc.constant('WDH0001'), rows }),
  fc.record({ end: fc.constant('PARTIALLY_SUCCESSFUL'), cause: fc.constant('time'), rows }),
  fc.record({ end: fc.constant('gone'), rows }),
  fc.record({ end: fc.constant('COMPLETED'), rows }),
);
const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  { weight: 5, arbitrary: fc.constant({ kind: 'none' }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('job'), of: fc.constant('import'), how }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('job'), of: fc.constant('export'), how }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('reject'), row: any }) },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('refuse'),
      refs: fc.constantFrom('refs/wix-cms/', 'refs/heads/'),
    }),
  },
);

const merge = fc.record({
  kind: fc.constant('merge'),
  method: fc.constantFrom('squash', 'merge', 'rebase'),
  winner: fc.constantFrom('main', 'branch'),
  keeps: fc.boolean(),
});
const correct = fc.record({ kind: fc.constant('correct'), row: any, field });

/** The proposing publishes by pull request mostly, and has people who merge. */
function stepOf(publishing: Setting['publishing'], loses: boolean): fc.Arbitrary<Step> {
  const isProposing = publishing === 'pull-request';
  const mine = isProposing ? ['pull-request', 'pull-request'] : ['push', 'push'];
  const others = isProposing ? ['pull-request', 'push', 'none'] : ['push', 'none'];
  const running = {
    kind: fc.constant('run'),
    command: fc.constantFrom('import', 'export'),
    onConflict: fc.constantFrom('hold', 'hold', 'fail', 'git', 'cms'),
    commit: fc.constantFrom(...mine, ...others),
    behind: fc.constantFrom(0, 0, 0, 0, 1, 2),
  };
  const edit = fc.record({ kind: fc.constant('edit'), on: fc.constant('git'), row: any, field });
  const beside = fc.record({ ...running, trouble: fc.constant({ kind: 'none' }) });
  const meanwhile = fc.oneof(beside, ...(isProposing ? [merge, correct, edit] : [edit]));
  const at = fc.integer({ min: 1, max: 60 });
  const disturbed = fc.oneof(
    { weight: 6, arbitrary: fc.constant({}) },
    { weight: 2, arbitrary: fc.record({ cancelAt: at }) },
    { weight: 2, arbitrary: fc.record({ mergeAt: at }) },
    { weight: 3, arbitrary: fc.record({ pauseAt: fc.integer({ min: 1, max: 25 }), meanwhile }) },
  );
  const run = fc
    .tuple(
      fc.record({ ...running, isSigned: fc.constantFrom(false, false, isProposing), trouble }),
      disturbed,
    )
    .map(([whole, by]) => ({ ...whole, ...by }));
  return fc.oneof(
    { weight: 24, arbitrary: fc.record({ kind: fc.constant('edit'), on, row: any, field }) },
    { weight: 3, arbitrary: fc.record({ kind: fc.constant('clear'), on, row: any, field }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('agree'), row: any, field }) },
    { weight: 7, arbitrary: fc.record({ kind: fc.constant('add'), on, withId: fc.boolean() }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('remove'), on, row: any }) },
    { weight: 1, arbitrary: fc.constant({ kind: 'reorder' }) },
    { weight: 2, arbitrary: fc.record({ kind: fc.constant('edit-hidden'), row: any }) },
    { weight: 9, arbitrary: run },
    ...(loses ? [{ weight: 1, arbitrary: fc.constant({ kind: 'lose' }) }] : []),
    ...(isProposing
      ? [
          { weight: 5, arbitrary: merge },
          { weight: 2, arbitrary: correct },
          {
            weight: 1,
            arbitrary: fc.record({
              kind: fc.constant('update'),
              winner: fc.constantFrom('main', 'branch'),
            }),
          },
          { weight: 1, arbitrary: fc.record({ kind: fc.constant('close'), keeps: fc.boolean() }) },
        ]
      : []),
  ) as fc.Arbitrary<Step>;
}

const setting: fc.Arbitrary<Setting> = fc.record({
  keeps: fc.constantFrom('exclude', 'fields'),
  upload: fc.constantFrom('csv', 'jsonl'),
  deletes: fc.constantFrom('keep', 'apply', 'refill'),
  publishing: fc.constantFrom('push', 'pull-request'),
  wix: fc.record({
    emptyCell: fc.constantFrom('absent', 'null', 'text'),
    logIds: fc.constantFrom('row', 'item'),
    csvRowBase: fc.constantFrom(1, 0, 2),
    rejectedRowsEnd: fc.constantFrom('COMPLETED', 'PARTIALLY_SUCCESSFUL'),
  }),
});

export type History = readonly [Setting, readonly Step[]];

/** A setting, and a sequence of twenty steps in it; `loses`: the record may get lost. */
export function history(loses: boolean): fc.Arbitrary<History> {
  return setting.chain((chosen) =>
    fc.tuple(
      fc.constant(chosen),
      fc.array(stepOf(chosen.publishing, loses), { minLength: 20, maxLength: 20 }),
    ),
  );
}

/** Plays a step; answers what it came to, in words. */
export async function play(world: World, step: Step): Promise<string> {
  switch (step.kind) {
    case 'edit':
      return edit(world, step.on, step.row, step.field, newValue(world, step.field));
    case 'clear':
      return edit(world, step.on, step.row, step.field, '');
    case 'agree':
      return agree(world, step.row, step.field);
    case 'add':
      return step.on === 'git' ? addRow(world, step.withId) : addItem(world);
    case 'remove':
      return step.on === 'git' ? removeRow(world, step.row) : removeItem(world, step.row);
    case 'reorder':
      world.editGit([...world.lines()].reverse());
      return 'git: the rows are turned round';
    case 'edit-hidden':
      return editHidden(world, step.row);
    case 'lose':
      return world.loseRecord();
    case 'merge':
      return world.proposal.merge(step);
    case 'update':
      return world.proposal.update(step.winner);
    case 'correct':
      return world.proposal.correct(step.row, [
        fields[step.field % fields.length] ?? 'title',
        newValue(world, step.field),
      ]);
    case 'close':
      return world.proposal.close(step.keeps);
    case 'run':
      return disturbed(world, step);
  }
}

function newValue(world: World, field: number): string {
  const number = world.fresh();
  if (fields[field] === 'price') return String(number % 2 === 0 ? number : number + 0.5);
  return (
    [`v${number}`, `v${number}, "so"`, `v${number}\nnext`, ` v${number} `, `=v${number}`][
      number % 5
    ] ?? ''
  );
}

function edit(world: World, on: On, row: number, field: number, text: string): string {
  const key = fields[field % fields.length] ?? 'title';
  return on === 'git' ? editRow(world, row, key, text) : editItem(world, row, key, text);
}

function editRow(world: World, row: number, field: FieldName, text: string): string {
  const lines = world.lines();
  const line = pick(lines, row);
  // The id of a row that has none yet comes from what it holds.
  if (
    line === undefined ||
    line.id === '' ||
    !mayBecome(world, line.id, field, line.cells[field], text)
  )
    return '';
  const edited = { ...line, cells: { ...line.cells, [field]: text } };
  world.editGit(lines.map((each) => (each === line ? edited : each)));
  return `git: ${line.id}.${field} = ${JSON.stringify(text)}`;
}

function editItem(world: World, row: number, field: FieldName, text: string): string {
  const id = pick([...world.items().keys()], row);
  if (id === undefined || !mayBecome(world, id, field, world.items().get(id)?.cells[field], text))
    return '';
  const value = text === '' ? undefined : field === 'price' ? Number(text) : text;
  world.editSite(() => world.emulator.site.edit(collection.id, id, { [field]: value }));
  return `site: ${id}.${field} = ${JSON.stringify(text)}`;
}

/**
 * A cell is emptied once: the empty text has to be a version like any other, so it does not come up
 * where the other side has had it and moved on, or may have removed the row after that.
 */
function mayBecome(
  world: World,
  id: string,
  field: FieldName,
  now: string | undefined,
  text: string,
): boolean {
  if (now === undefined || text !== '') return now !== undefined;
  const rows = world.rowsOf(id);
  if (rows.length < 2) return false;
  const others = rows.flatMap(({ cells }) => cells[field] || []);
  return [now, ...others].every((held) => !world.leadsTo(id, field, text, held));
}

function agree(world: World, row: number, field: number): string {
  const line = pick(world.lines(), row);
  const key = fields[field % fields.length] ?? 'title';
  const text = line && world.items().get(line.id)?.cells[key];
  if (line === undefined || text === undefined || text === line.cells[key]) return '';
  if (world.leadsTo(line.id, key, text, line.cells[key])) return '';
  return editRow(world, row, key, text);
}

function addRow(world: World, withId: boolean): string {
  const id = withId ? `g${world.fresh()}` : '';
  const cells = { title: newValue(world, 0), price: newValue(world, 1), notes: newValue(world, 2) };
  const line: Line = { id, cells };
  world.editGit([line, ...world.lines()]);
  return `git: ${id || 'a row without id'} is added, ${JSON.stringify(cells)}`;
}

function addItem(world: World): string {
  const _id = `c${world.fresh()}`;
  const cells = { title: newValue(world, 0), notes: newValue(world, 2), secret: `secret ${_id}` };
  const item = { _id, ...cells, price: Number(newValue(world, 1)), ...relatedOf(world, _id) };
  world.editSite(() => world.emulator.site.insert(collection.id, item));
  return `site: ${_id} is added`;
}

function removeRow(world: World, row: number): string {
  const lines = world.lines();
  const line = pick(lines, row);
  if (line === undefined || lines.length === 1) return '';
  world.editGit(lines.filter((each) => each !== line));
  return `git: ${line.id || line.cells.title} is removed`;
}

function removeItem(world: World, row: number): string {
  const id = pick([...world.items().keys()], row);
  if (id === undefined) return '';
  world.editSite(() => world.emulator.site.remove(collection.id, id));
  return `site: ${id} is removed`;
}

function editHidden(world: World, row: number): string {
  const id = pick([...world.items().keys()], row);
  if (id === undefined) return '';
  const secret = `secret ${world.fresh()}`;
  world.editSite(() =>
    world.emulator.site.edit(collection.id, id, { secret, ...relatedOf(world, secret) }),
  );
  return `site: ${id}.secret and .related change`;
}

async function disturbed(world: World, step: Step & { readonly kind: 'run' }): Promise<string> {
  const { trouble, kind: _, meanwhile, ...running } = step;
  const { faults } = world.emulator;
  // A job that empties the collection and lies about what it brought is not told from removals in the CMS.
  const isLie = trouble.kind === 'job' && 'end' in trouble.how && trouble.how.end === 'COMPLETED';
  if (trouble.kind === 'job' && !(isLie && world.setting.deletes === 'refill')) {
    faults.addToJob({ match: { kind: trouble.of }, ...trouble.how });
  }
  if (trouble.kind === 'reject') {
    const id = pick([...world.sides().git.keys()], trouble.row) ?? '';
    faults.rejectRow({ id, code: 'WDE0009', description: 'Too large.' });
  }
  if (trouble.kind === 'refuse') world.repository.refuse(trouble.refs);
  try {
    let words = '';
    const result = await world.run(running, async () => {
      if (meanwhile) words = `\n    meanwhile ${await playBeside(world, meanwhile)}`;
    });
    return `${JSON.stringify({ ...running, trouble })}: ${inWords(result)}${words}`;
  } finally {
    faults.clear();
    world.repository.refuse(undefined);
  }
}

/** Plays a step while a run waits, whose troubles go on. */
async function playBeside(world: World, step: Step): Promise<string> {
  if (step.kind !== 'run') return play(world, step);
  const { trouble: _, kind: __, ...running } = step;
  return `${JSON.stringify(running)}: ${inWords(await world.run(running))}`;
}

export function inWords({ status, failureReason, failureMessage = '' }: Result): string {
  return [status, failureReason, failureMessage].filter(Boolean).join(' ');
}

/** An import that empties the collection is refused where there are multi-references. */
function relatedOf({ setting }: World, id: string) {
  return setting.deletes === 'refill' ? {} : { related: [id] };
}

function pick<T>(from: readonly T[], number: number): T | undefined {
  return from[number % Math.max(1, from.length)];
}
