import type { Emulator } from '../../emulator/emulator.ts';
import type { RequestMatch } from '../../emulator/faults.ts';
import { type Json, valueAt } from '../../emulator/json.ts';

export type Command = 'export' | 'plan' | 'import';

/** A kind of request that the action makes to Wix, at one point of a command. */
export interface WixRequestKind {
  readonly command: Command;
  /** What the request does, in words. */
  readonly name: string;
  readonly match: (emulator: Emulator) => RequestMatch;
  /** What goes wrong before, since the request is only made then. */
  readonly provoke?: (emulator: Emulator) => void;
}

type Part = Omit<WixRequestKind, 'command'>;

const jobs = '/data-mover/v1/jobs';

/** How many jobs were submitted so far: it tells apart what is read first, written, and read back. */
function submitted({ requests }: Emulator): number {
  return requests.filter(({ method, path }) => method === 'POST' && path === jobs).length;
}

const filterOf = (body: Json | undefined, path: string) => valueAt(body, `query.filter.${path}`);
const isFollow = (body: Json | undefined) => filterOf(body, 'id.$in') !== undefined;
const isLookUp = (body: Json | undefined) => filterOf(body, 'name.$eq') !== undefined;
const isSearch = (body: Json | undefined) => filterOf(body, 'name.$startsWith') !== undefined;
const isImport = (body: Json | undefined) => valueAt(body, 'source.file') !== undefined;

const listCollections: Part = {
  name: 'list the collections',
  match: () => ({ method: 'GET', path: '/wix-data/v2/collections' }),
};

/** The requests of one read of the site: the `nth` job of the run, and the download of its file. */
function reading(what: string, nth: number, download: number): readonly Part[] {
  const during = (emulator: Emulator) => submitted(emulator) === nth;
  return [
    {
      name: `submit the ${what}`,
      // The request itself is in the journal already when it is looked at.
      match: (emulator) => ({
        method: 'POST',
        path: jobs,
        where: (body) => !isImport(body) && submitted(emulator) >= nth,
      }),
    },
    {
      name: `look the ${what} up, when its submission got no answer`,
      match: (emulator) => ({
        path: `${jobs}/query`,
        where: (body) => isLookUp(body) && during(emulator),
      }),
      provoke: loseSubmission(nth),
    },
    {
      name: `follow the ${what}`,
      match: (emulator) => ({
        path: `${jobs}/query`,
        where: (body) => isFollow(body) && during(emulator),
      }),
    },
    {
      name: `download the ${what}`,
      match: (emulator) => ({ host: 'download', where: () => during(emulator) }),
    },
    {
      name: `ask for the file of the ${what} again, when its download failed`,
      match: (emulator) => ({
        method: 'GET',
        path: /jobs\/[^/]+$/,
        where: () => during(emulator),
      }),
      provoke: ({ faults }) =>
        void faults.add({
          kind: 'cut',
          announced: 'full',
          match: { host: 'download', nth: download },
        }),
    },
  ];
}

function loseSubmission(nth: number): (emulator: Emulator) => void {
  return ({ faults }) =>
    void faults.add({ kind: 'reset', when: 'after', match: { method: 'POST', path: jobs, nth } });
}

const submitImport: Part = {
  name: 'submit the import',
  match: () => ({ method: 'POST', path: jobs, where: isImport }),
};

const followImport: Part = {
  name: 'follow the import',
  match: (emulator) => ({
    path: `${jobs}/query`,
    where: (body) => isFollow(body) && submitted(emulator) === 2,
  }),
};

/** The rows that follow once the first one has shown what an import leaves alone. */
const writingTheRest: readonly Part[] = [
  {
    name: 'submit the import of the other rows',
    match: (emulator) => ({
      method: 'POST',
      path: jobs,
      where: (body) => isImport(body) && submitted(emulator) === 3,
    }),
  },
  {
    name: 'follow the import of the other rows',
    match: (emulator) => ({
      path: `${jobs}/query`,
      where: (body) => isFollow(body) && submitted(emulator) === 3,
    }),
  },
];

const writing: readonly Part[] = [
  {
    name: 'create an upload URL',
    match: () => ({ path: '/data-mover/v1/temporary-files/upload-url' }),
  },
  { name: 'upload the rows', match: () => ({ host: 'upload' }) },
  submitImport,
  {
    name: 'look the import up, when its submission got no answer',
    match: (emulator) => ({
      path: `${jobs}/query`,
      where: (body) => isLookUp(body) && submitted(emulator) === 2,
    }),
    provoke: loseSubmission(2),
  },
  followImport,
  {
    name: 'read the log of the import',
    match: () => ({ path: `${jobs}/*/logs` }),
    provoke: ({ settings }) => {
      settings.successesLogged = true;
    },
  },
];

const removalPath = '/wix-data/v2/bulk/items/remove';
const showsReferences = (body: Json | undefined) =>
  valueAt(body, 'includeReferences') !== undefined;

/** A look at the items that are to go, while so many requests have removed some. */
function lookAtRemoved(what: string, nth: number): Part {
  const removals = ({ requests }: Emulator) =>
    requests.filter(({ path }) => path === removalPath).length;
  return {
    name: `look at ${what}`,
    match: (emulator) => ({
      path: '/wix-data/v2/items/query',
      where: (body) =>
        !showsReferences(body) && submitted(emulator) === 3 && removals(emulator) === nth,
    }),
  };
}

const removing: readonly Part[] = [
  lookAtRemoved('the items that are to go', 0),
  { name: 'remove items', match: () => ({ path: removalPath }) },
  lookAtRemoved('the items that have gone', 1),
];

const searchImports: Part = {
  name: 'look for imports that still run',
  match: () => ({ path: `${jobs}/query`, where: isSearch }),
};

/** A look at items, while so many jobs were submitted. */
function looking(what: string, nth: number, shows: (body: Json | undefined) => boolean): Part {
  return {
    name: `look at ${what}`,
    match: (emulator) => ({
      path: '/wix-data/v2/items/query',
      where: (body) => shows(body) && submitted(emulator) === nth,
    }),
  };
}

/** All the kinds of requests of all the commands, in the order in which they are made. */
export const requestKinds: readonly WixRequestKind[] = [
  ...[searchImports, listCollections, ...reading('export', 1, 1)].map((part) => of('export', part)),
  ...[searchImports, listCollections, ...reading('export', 1, 1)].map((part) => of('plan', part)),
  ...[
    searchImports,
    listCollections,
    ...straight(reading('export', 1, 1)),
    looking('what the import does not carry', 1, showsReferences),
    ...writing,
    looking('what the import was not to lose', 2, showsReferences),
    ...writingTheRest,
    ...removing,
    ...straight(reading('read-back', 4, 2)),
  ].map((part) => of('import', part)),
];

/** What an import asks of Wix when it is cancelled, and at which request it is. */
export interface Termination extends Part {
  readonly cancelledAt: Part;
}

const terminate: Part = {
  name: 'terminate the import',
  match: () => ({ path: `${jobs}/*/terminate` }),
};

export const terminations: readonly Termination[] = [
  { ...terminate, cancelledAt: followImport },
  {
    ...terminate,
    name: 'terminate the import whose submission was cut off',
    cancelledAt: submitImport,
  },
  {
    name: 'look for the import whose submission was cut off',
    match: () => ({ path: `${jobs}/query`, where: isLookUp }),
    cancelledAt: submitImport,
  },
];

/** A read as it goes; what is only asked in trouble is the same as in an export. */
function straight(parts: readonly Part[]): readonly Part[] {
  return parts.filter(({ provoke }) => provoke === undefined);
}

function of(command: Command, part: Part): WixRequestKind {
  return { command, ...part };
}
