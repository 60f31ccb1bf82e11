import { commentAnswer, issueAnswer, labelAnswer } from './answers.ts';
import { checkTexts, pullOf } from './pulls.ts';
import { notFound, type Operation, page, type RestRequest, unprocessable } from './rest.ts';
import { addComment, type Comment, now } from './state.ts';

/** The operations that pull requests share with issues. */
export const issueOperations: Readonly<Record<string, Operation>> = {
  'issues/list-labels-on-issue': (request) => {
    const { state } = request;
    const pull = pullOf(request);
    const path = `/repos/${state.owner}/${state.repo}/issues/${pull.number}/labels`;
    const { items, headers } = page(request, path, pull.labels);
    return { status: 200, headers, body: items.map((name) => labelAnswer(state, name)) };
  },
  'issues/add-labels': (request) => {
    const { state } = request;
    const pull = pullOf(request);
    const { labels } = request.body as { labels: readonly (string | { name: string })[] }; // as described
    const names = labels.map((label) => (typeof label === 'string' ? label : label.name));
    if (names.some((name) => name.length > 50)) {
      const message = 'name is too long (maximum is 50 characters)';
      throw unprocessable('Validation Failed', [{ resource: 'Label', code: 'custom', message }]);
    }
    for (const name of names) {
      const label = state.labels.get(name.toLowerCase()) ?? name;
      state.labels.set(name.toLowerCase(), label);
      if (!pull.labels.includes(label)) pull.labels.push(label);
    }
    return { status: 200, body: pull.labels.map((name) => labelAnswer(state, name)) };
  },
  'issues/remove-label': (request) => {
    const { state, path } = request;
    const pull = pullOf(request);
    const name = path.name?.toLowerCase();
    const kept = pull.labels.filter((label) => label.toLowerCase() !== name);
    if (kept.length === pull.labels.length) throw notFound();
    pull.labels = kept;
    return { status: 200, body: kept.map((label) => labelAnswer(state, label)) };
  },
  'issues/add-assignees': (request) => {
    const { state } = request;
    const pull = pullOf(request);
    const { assignees } = request.body as { assignees: readonly string[] }; // as described
    const possible = assignees.filter((login) => state.collaborators.includes(login));
    pull.assignees = [...new Set([...pull.assignees, ...possible])];
    return { status: 201, body: issueAnswer(state, pull) };
  },
  'issues/list-comments': (request) => {
    const { state } = request;
    const { number } = pullOf(request);
    const path = `/repos/${state.owner}/${state.repo}/issues/${number}/comments`;
    const comments = state.comments.filter(({ issue }) => issue === number);
    const { items, headers } = page(request, path, comments);
    return { status: 200, headers, body: items.map((each) => commentAnswer(state, each)) };
  },
  'issues/create-comment': (request) => {
    const { state, actor } = request;
    const { number } = pullOf(request);
    const { body } = request.body as { body: string }; // as described
    checkTexts('comment', body);
    const comment = addComment(state, { issue: number, author: actor, body });
    return { status: 201, body: commentAnswer(state, comment) };
  },
  'issues/update-comment': (request) => {
    const comment = commentOf(request);
    const { body } = request.body as { body: string }; // as described
    checkTexts('comment', body);
    comment.body = body;
    comment.updatedAt = now();
    comment.editor = request.actor;
    return { status: 200, body: commentAnswer(request.state, comment) };
  },
  'issues/delete-comment': (request) => {
    const { comments } = request.state;
    comments.splice(comments.indexOf(commentOf(request)), 1);
    return { status: 204 };
  },
};

function commentOf({ state, path }: RestRequest): Comment {
  const comment = state.comments.find(({ id }) => id === Number(path.comment_id));
  if (comment === undefined) throw notFound();
  return comment;
}
