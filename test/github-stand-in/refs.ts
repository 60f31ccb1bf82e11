import { refAnswer, repositoryAnswer } from './answers.ts';
import { notFound, type Operation, unprocessable } from './rest.ts';

/** The operations of the repository and its references. */
export const refOperations: Readonly<Record<string, Operation>> = {
  'repos/get': ({ state }) => ({ status: 200, body: repositoryAnswer(state, 'full-repository') }),
  'git/get-ref': async ({ state, path }) => {
    const ref = `refs/${path.ref}`;
    const sha = await state.bare.tip(ref);
    if (sha === undefined) throw notFound();
    return { status: 200, body: refAnswer(state, ref, sha) };
  },
  'git/create-ref': async ({ state, body }) => {
    const { ref, sha } = body as { ref: string; sha: string }; // as described
    if (!/^refs\/[^/]+\/./.test(ref)) throw unprocessable(`${ref} is not a valid ref name.`);
    if (!(await state.bare.isCommit(sha))) throw unprocessable('Object does not exist');
    if ((await state.bare.tip(ref)) !== undefined) throw unprocessable('Reference already exists');
    await state.bare.git(['update-ref', ref, sha]);
    return { status: 201, body: refAnswer(state, ref, sha) };
  },
  'git/update-ref': async ({ state, path, body }) => {
    const ref = `refs/${path.ref}`;
    const { sha, force = false } = body as { sha: string; force?: boolean }; // as described
    const tip = await state.bare.tip(ref);
    if (tip === undefined) throw unprocessable('Reference does not exist');
    if (!(await state.bare.isCommit(sha))) throw unprocessable('Object does not exist');
    if (!force && !(await state.bare.isAncestor(tip, sha))) {
      throw unprocessable('Update is not a fast forward');
    }
    await state.bare.git(['update-ref', ref, sha]);
    return { status: 200, body: refAnswer(state, ref, sha) };
  },
  'git/delete-ref': async ({ state, path }) => {
    const ref = `refs/${path.ref}`;
    if ((await state.bare.tip(ref)) === undefined) throw unprocessable('Reference does not exist');
    await state.bare.git(['update-ref', '-d', ref]);
    return { status: 204 };
  },
};
