/** A site, a repository, and the action between them. */
import { type Emulator, startEmulator } from '../emulator/emulator.ts';
import type { CollectionSeed } from '../emulator/schema.ts';
import { cloneOf, git, makeRemote } from '../test/repository/support.ts';
import { measureAction } from './action.ts';
import type { Measured } from './measure.ts';

export interface Stage {
  readonly emulator: Emulator;
  readonly remote: string;
  /** Runs the action in a fresh checkout of main; the time that its jobs take is left out. */
  readonly run: (of: string, command: 'export' | 'import') => Promise<Measured>;
}

/** Plays on a stage with these collections, and closes it. */
export async function onStage(
  collections: readonly CollectionSeed[],
  play: (stage: Stage) => Promise<void>,
): Promise<void> {
  const emulator = await startEmulator({
    site: { collections },
    shuffle: true,
    // Texts are made as quickly as can be, not as the CMS writes them; an edit is to change no other cell.
    forms: [],
  });
  const remote = makeRemote();
  // A small push is unpacked here, and compressed anew for each fetch; GitHub keeps packs.
  git(remote, 'config', 'transfer.unpackLimit', '1');
  const ids = collections.map(({ id }) => id).join('\n');
  const run: Stage['run'] = async (of, command) => {
    const sent = emulator.requests.length;
    const measured = await measureAction(of, {
      workspace: cloneOf(remote, { depth: 1 }),
      inputs: {
        command,
        collections: ids,
        commit: 'push',
        // GitHub is not measured: without a token nobody asks it.
        token: '',
        'api-key': emulator.apiKey,
        'site-id': emulator.siteId,
        'api-url': emulator.apiUrl,
        'requests-per-minute': '10000',
      },
    });
    const requests = emulator.requests.slice(sent).filter(({ host }) => host === 'api');
    const milliseconds = (measured.milliseconds ?? 0) - jobWaits(emulator.requests.slice(sent));
    return { ...measured, milliseconds, requests: requests.length };
  };
  try {
    await play({ emulator, remote, run });
  } finally {
    await emulator.close();
  }
}

/** How long was waited for jobs: the time before each look at them that follows another, or a submit. */
function jobWaits(requests: Emulator['requests']): number {
  let waited = 0;
  for (const [i, { path, at }] of requests.entries()) {
    const before = requests[i - 1];
    const isLook = path.endsWith('/jobs/query');
    if (isLook && before?.path.includes('/jobs')) waited += at - before.at;
  }
  return waited;
}
