import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildSchema,
  execute,
  type FieldNode,
  GraphQLError,
  type GraphQLSchema,
  Kind,
  parse,
  type SelectionSetNode,
  validate,
} from 'graphql';
import { commentAnswer, pullId, repositoryId, signatureOf } from './answers.ts';
import { nothing, signedCommit } from './bare-repository.ts';
import { followBranches, type Pull, type State } from './state.ts';

export interface GraphQLRequest {
  readonly query: string;
  readonly variables?: Readonly<Record<string, unknown>>;
}

/**
 * What a document asks for: a mutation by its field, as `createCommitOnBranch`; a query by its first
 * two fields, as `repository/pullRequests`.
 */
export function operationIn(query: string): string {
  const [definition] = parse(query).definitions;
  if (definition?.kind !== Kind.OPERATION_DEFINITION) return '';
  const [root] = fieldsIn(definition.selectionSet);
  const [below] = definition.operation === 'query' ? fieldsIn(root?.selectionSet) : [];
  return [root, below].flatMap((field) => field?.name.value ?? []).join('/');
}

function fieldsIn(set: SelectionSetNode | undefined): readonly FieldNode[] {
  return (set?.selections ?? []).filter((selection) => selection.kind === Kind.FIELD);
}

/**
 * Executes a document against GitHub's published schema.
 *
 * @param actor the login of the token's owner.
 * @returns what GitHub would answer, and what is wrong with the document or with this stand-in.
 */
export async function executeGraphQL(
  state: State,
  actor: string,
  request: GraphQLRequest,
): Promise<{ readonly body: unknown; readonly problems: readonly string[] }> {
  schema ??= publishedSchema();
  const document = parse(request.query);
  const invalid = validate(schema, document);
  if (invalid.length > 0) return { body: { errors: invalid }, problems: invalid.map(String) };
  const { data, errors = [] } = await execute({
    schema,
    document,
    rootValue: rootOf(state, actor),
    variableValues: request.variables,
  });
  const problems = errors.filter(({ extensions }) => extensions.type === undefined).map(String);
  const described = errors.map(({ message, path, locations, extensions }) => ({
    ...extensions,
    path,
    locations,
    message,
  }));
  return { body: errors.length === 0 ? { data } : { data, errors: described }, problems };
}

let schema: GraphQLSchema | undefined;

function publishedSchema(): GraphQLSchema {
  // Not among the package's exports, so by its path.
  const file = join(
    import.meta.dirname,
    '../../node_modules/@octokit/graphql-schema/schema.graphql',
  );
  return buildSchema(readFileSync(file, 'utf8'), { assumeValid: true, noLocation: true });
}

/** What GitHub answers with a type that tells one error from another. */
function refused(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

function rootOf(state: State, actor: string) {
  return {
    viewer: { __typename: 'User', login: actor },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      if (`${owner}/${name}` === `${state.owner}/${state.repo}`)
        return repositoryNode(state, actor);
      throw refused(
        'NOT_FOUND',
        `Could not resolve to a Repository with the name '${owner}/${name}'.`,
      );
    },
    node: ({ id }: { id: string }) => pullNode(findPull(state, id), actor),
    createCommitOnBranch: ({ input }: { input: CommitInput }) => commit(state, actor, input),
    updateRefs: ({ input }: { input: RefsInput }) => updateRefs(state, input),
    convertPullRequestToDraft: ({ input }: { input: PullInput }) => {
      if (!state.drafts) {
        throw refused('UNPROCESSABLE', 'Draft pull requests are not supported in this repository.');
      }
      return setDraft(findPull(state, input.pullRequestId), 'draft', actor);
    },
    markPullRequestReadyForReview: ({ input }: { input: PullInput }) =>
      setDraft(findPull(state, input.pullRequestId), 'ready', actor),
  };
}

interface PullInput {
  readonly pullRequestId: string;
}

interface CommitInput {
  readonly branch: { readonly repositoryNameWithOwner: string; readonly branchName: string };
  readonly expectedHeadOid: string;
  readonly message: { readonly headline: string; readonly body?: string };
  readonly fileChanges: {
    readonly additions: readonly { readonly path: string; readonly contents: string }[];
    readonly deletions: readonly { readonly path: string }[];
  };
}

interface RefsInput {
  readonly repositoryId: string;
  readonly refUpdates: readonly {
    readonly name: string;
    readonly beforeOid?: string;
    readonly afterOid: string;
    readonly force: boolean;
  }[];
}

function findPull(state: State, id: string): Pull {
  const pull = state.pulls.find((each) => pullId(each) === id);
  if (pull !== undefined) return pull;
  throw refused('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
}

function repositoryNode(state: State, viewer: string) {
  return {
    id: repositoryId(state),
    pullRequests: ({
      states,
      baseRefName,
      first,
    }: {
      states?: readonly string[];
      baseRefName?: string | null;
      first: number;
    }) => {
      const isWanted = ({ merged, baseBranch }: Pull) =>
        (merged || !states?.includes('MERGED')) && (baseRefName ?? baseBranch) === baseBranch;
      const wanted = state.pulls.filter(isWanted);
      return connection(wanted.toReversed(), { first }, (pull) => ({
        ...pullNode(pull, viewer),
        mergeCommit: pull.mergeCommit === undefined ? null : { oid: pull.mergeCommit },
        mergedAt: pull.closedAt,
        commits: { totalCount: pull.mergedCommits.length },
        labels: (range: Range) => connection(pull.labels, range, (name) => ({ name })),
        comments: (range: Range) => commentsOf(state, pull, viewer, range),
      }));
    },
    pullRequest: ({ number }: { number: number }) => {
      const pull = state.pulls.find((each) => each.number === number);
      if (pull === undefined) {
        throw refused(
          'NOT_FOUND',
          `Could not resolve to a PullRequest with the number of ${number}.`,
        );
      }
      return {
        ...pullNode(pull, viewer),
        comments: (range: Range) => commentsOf(state, pull, viewer, range),
      };
    },
  };
}

function commentsOf(state: State, { number }: Pull, viewer: string, range: Range) {
  const comments = state.comments.filter(({ issue }) => issue === number);
  return connection(comments, range, (comment) => ({
    databaseId: comment.id,
    url: commentAnswer(state, comment).html_url,
    body: comment.body,
    viewerDidAuthor: comment.author === viewer,
    author: actorNode(comment.author),
    lastEditedAt: comment.editor === undefined ? null : comment.updatedAt,
    editor: comment.editor === undefined ? null : actorNode(comment.editor),
  }));
}

/** In GraphQL the actor of an app is called without `[bot]`. */
function actorNode(login: string) {
  return login.endsWith('[bot]')
    ? { __typename: 'Bot', login: login.replace('[bot]', '') }
    : { __typename: 'User', login };
}

interface Range {
  readonly first: number;
  readonly after?: string | null;
}

/** A page of a list, whose cursors are positions. */
function connection<T>(items: readonly T[], { first, after }: Range, node: (item: T) => object) {
  if (first > 100)
    throw refused('EXCESSIVE_PAGINATION', `Requesting ${first} records exceeds 100.`);
  const start = Number(after ?? 0);
  const end = start + first;
  return {
    nodes: items.slice(start, end).map(node),
    totalCount: items.length,
    pageInfo: { hasNextPage: end < items.length, endCursor: String(end) },
  };
}

function pullNode(pull: Pull, viewer: string) {
  const events = pull.draftings.map(({ to, actor }) => ({
    __typename: to === 'draft' ? 'ConvertToDraftEvent' : 'ReadyForReviewEvent',
    kind: to === 'draft' ? 'CONVERT_TO_DRAFT_EVENT' : 'READY_FOR_REVIEW_EVENT',
    actor: actorNode(actor),
  }));
  return {
    __typename: 'PullRequest',
    id: pullId(pull),
    number: pull.number,
    isDraft: pull.draft,
    viewerDidAuthor: pull.author === viewer,
    timelineItems: ({ last, itemTypes }: { last: number; itemTypes?: readonly string[] }) => {
      const nodes = events.filter(({ kind }) => itemTypes?.includes(kind) ?? true).slice(-last);
      return { nodes, totalCount: nodes.length };
    },
  };
}

function setDraft(pull: Pull, to: 'draft' | 'ready', actor: string) {
  if (pull.draft !== (to === 'draft')) pull.draftings.push({ to, actor });
  pull.draft = to === 'draft';
  return { pullRequest: pullNode(pull, actor) };
}

async function commit(state: State, actor: string, input: CommitInput) {
  const { branch, expectedHeadOid: parent, message, fileChanges } = input;
  if (branch.repositoryNameWithOwner !== `${state.owner}/${state.repo}`) {
    throw refused(
      'NOT_FOUND',
      `Could not resolve to a Repository with the name '${branch.repositoryNameWithOwner}'.`,
    );
  }
  const ref = `refs/heads/${branch.branchName}`;
  const tip = await state.bare.tip(ref);
  if (tip === undefined) throw refused('NOT_FOUND', `No such branch: ${branch.branchName}.`);
  if (tip !== parent) {
    throw refused(
      'STALE_DATA',
      `Expected branch to point to "${parent}" but it did not.  Pull and try again.`,
    );
  }
  for (const { path } of fileChanges.deletions) {
    if ((await state.bare.git(['ls-tree', parent, path])) === '') {
      throw refused(
        'NOT_FOUND',
        `A path was requested for deletion which does not exist as of commit oid \`${parent}\``,
      );
    }
  }
  const { headline, body = '' } = message;
  const text = body === '' ? headline : `${headline}\n\n${body}`;
  const author = signatureOf(actor);
  const oid = await signedCommit(state.bare, { parent, author, message: text, ...fileChanges });
  await state.bare.git(['update-ref', ref, oid, parent]);
  await followBranches(state);
  return { commit: { oid }, ref: { name: branch.branchName } };
}

/** All or nothing, as described. GitHub does not document how it words a refusal. */
async function updateRefs(state: State, { repositoryId: id, refUpdates }: RefsInput) {
  if (id !== repositoryId(state)) {
    throw refused('NOT_FOUND', `Could not resolve to a node with the global id of '${id}'.`);
  }
  const commands = [];
  for (const { name, beforeOid, afterOid, force } of refUpdates) {
    const tip = (await state.bare.tip(name)) ?? nothing;
    if (beforeOid !== undefined && beforeOid !== tip) {
      throw refused('UNPROCESSABLE', `Ref ${name} is at ${tip} but expected ${beforeOid}`);
    }
    const moves = tip !== nothing && afterOid !== nothing;
    if (moves && !force && !(await state.bare.isAncestor(tip, afterOid))) {
      throw refused('UNPROCESSABLE', 'Update is not a fast forward');
    }
    commands.push(`update ${name} ${afterOid} ${tip}\n`);
  }
  await state.bare.git(['update-ref', '--stdin'], { input: commands.join('') });
  await followBranches(state);
  return { clientMutationId: null };
}
