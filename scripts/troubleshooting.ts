import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { rules } from '../src/content/rules/finding.ts';
import { remedies } from '../src/wix/remedies.ts';
import { type Message, messages } from './messages.ts';
import { table } from './tables.ts';

/** Where a message is seen, by where its code lies in `src/`. */
const chapters: readonly (readonly [title: string, sources: RegExp])[] = [
  ['Inputs and configuration', /^(inputs|environment|errors|config|main|action)/],
  ['On a line of a file', /^(content|csv|report)/],
  ['While a run compares and writes', /^(commands|record)/],
  ['Requests to Wix', /^(wix|io)/],
  ['Git and GitHub', /^(repository|github)/],
];

/** The page that says of messages what they do not say themselves. */
export function troubleshooting(): string {
  const explained = messages().filter(({ cause, remedy }) => cause ?? remedy);
  const sections = chapters.map(([title, sources]) => {
    const rows = explained.filter(({ file }) => sources.test(file)).map(rowOf);
    return `## ${title}\n\n${table(['message', 'cause', 'what to do'], rows)}\n`;
  });
  return [opening(), ...sections, findings(), codes()].join('\n');
}

function rowOf({ text, cause = '', remedy = '' }: Message): readonly string[] {
  return [`\`${text.trim().replaceAll('`', "'")}\``, cause, remedy];
}

/** Whether a message has a chapter on the page, should it be explained. */
export function hasChapter({ file }: Message): boolean {
  return chapters.filter(([, sources]) => sources.test(file)).length === 1;
}

/**
 * Whether a text tells somebody to do something, or that there is nothing to do: a sentence of it, or a
 * clause behind a colon, a semicolon, a comma or a conjunction, begins with one of these verbs; or the
 * next run, or this one by itself, is said to do it; or it ends with another message.
 */
export function tellsWhatToDo(text: string): boolean {
  return (
    new RegExp(`(^ ?|[.:;,…] |\\b(?:and|or|else|then|please) )(${verbs.join('|')})\\b`, 'i').test(
      text,
    ) ||
    /\bthe next (run|import|export)\b|\bby itself\b|\bnothing (left )?to\b/i.test(text) ||
    /[.:…] …( there|\.)?(?= |\.|$)/.test(text)
  );
}

const verbs = [
  ...['add', 'begin', 'change', 'check', 'choose', 'close', 'commit', 'compare', 'copy', 'correct'],
  ...[
    'delete',
    'did you mean',
    'do',
    'double',
    'edit',
    'empty',
    'exempt',
    'export',
    'fill',
    'free',
  ],
  ...[
    'give',
    'install',
    'keep',
    'leave',
    'let',
    'look',
    'lower',
    'make',
    'merge',
    'move',
    'name',
    'pass',
    'put',
  ],
  ...[
    'quote',
    'raise',
    'read',
    'remove',
    'rename',
    'report',
    'restore',
    'review',
    'run',
    'save',
    'set',
  ],
  ...['shorten', 'split', 'take', 'tick', 'use', 'write'],
];

/** What each value of the output `failure-reason` means, from the comments of its type. */
export function reasons(): readonly (readonly [reason: string, meaning: string])[] {
  const source = readFileSync(join(import.meta.dirname, '../src/errors.ts'), 'utf8');
  const union = source.slice(0, source.indexOf('interface'));
  const members = union.matchAll(/\/\*\* ((?:(?!\*\/)[\s\S])*) \*\/\s*\| '([a-z-]+)'/g);
  return Array.from(members, ([, meaning = '', reason = '']) => [
    reason,
    meaning.replaceAll(/\s*\n\s*\* ?/g, ' '),
  ]);
}

function opening(): string {
  const rows = reasons().map(([reason, meaning]) => [`\`${reason}\``, meaning]);
  return `# Troubleshooting

This page explains messages that do not say everything themselves. Search it for the words of your message;
\`…\` stands for the parts that differ. You find messages in the log, in the job summary, and on lines of
files in the pull request. If a run is red, [start here](running-it.md#a-run-is-red).

The output \`failure-reason\` says what kind of failure it is:

${table(['failure-reason', 'meaning'], rows)}

With debug logging (*Re-run jobs → Enable debug logging*), the log also shows requests that the action tried
again, and the stack trace of a defect in the action.
`;
}

function findings(): string {
  const rows = Object.entries(rules).map(([rule, [severity, about]]) => [
    `\`${rule}\``,
    severity,
    about,
  ]);
  return `## Rules\n\nA plan and an import check git's changes with these rules. An error fails the run; a warning does not. The JSON\nreport names the rule. The configuration can change the severity of most rules with \`rules\`.\n\n${table(['rule', 'severity', 'it finds that'], rows)}\n`;
}

function codes(): string {
  const rows = [...remedies].map(([code, remedy]) => [`\`${code}\``, remedy]);
  return `## Codes of Wix\n\nWix gives these codes for requests, jobs and rows. For an answer without one, see its HTTP status.\n\n${table(['code', 'what to do'], rows)}\n`;
}
