import { rules } from '../src/content/rules/finding.ts';
import { remedies } from '../src/wix/remedies.ts';
import type { Cause, Chapter } from './causes/chapter.ts';
import { comparing } from './causes/comparing.ts';
import { configuration } from './causes/configuration.ts';
import { files } from './causes/files.ts';
import { github } from './causes/github.ts';
import { inputs } from './causes/inputs.ts';
import { reasons } from './causes/reasons.ts';
import { restore } from './causes/restore.ts';
import { rows } from './causes/rows.ts';
import { site } from './causes/site.ts';
import { validation } from './causes/validation.ts';
import { type Message, messages } from './messages.ts';
import { table } from './tables.ts';

/** Every message of the action, by what it speaks of. A test holds this list to the sources. */
export const chapters: readonly Chapter[] = [
  inputs,
  configuration,
  files,
  validation,
  comparing,
  site,
  rows,
  restore,
  github,
];

/** The page that finds a cause and a remedy by the message, from what the sources say. */
export function troubleshooting(): string {
  const said = messages();
  const sections = chapters.map(({ title, causes }) => {
    const rows = causes.flatMap((cause) =>
      said
        .filter((message) => causeOf(message, said).includes(cause))
        .map(({ text }) => [
          `\`${text.replaceAll('`', "'")}\``,
          cause.why,
          cause.help ?? 'What it says.',
        ]),
    );
    return `## ${title}\n\n${table(['message', 'why it comes', 'what to do'], rows)}\n`;
  });
  return [opening(), ...sections, findings(), codes()].join('\n');
}

/**
 * The causes that a message has: one. A cause whose words are a whole message is that one's alone.
 *
 * @param all every message.
 */
export function causeOf({ text }: Message, all: readonly Message[]): readonly Cause[] {
  const causes = chapters.flatMap((chapter) => chapter.causes);
  const exact = causes.filter(({ says }) => says === text);
  if (exact.length > 0) return exact;
  const whole = new Set(all.map((message) => message.text));
  return causes.filter(({ says }) => !whole.has(says) && text.includes(says));
}

/**
 * Whether a text tells somebody to do something: a sentence of it, or a clause behind a colon, a
 * semicolon, a comma or a conjunction, begins with one of these verbs. It fills in for a cause that
 * has no help of its own.
 */
export function tellsWhatToDo(text: string): boolean {
  return new RegExp(
    `(^|[.:;,…] |\\b(?:and|or|else|then|please) )(${verbs.join('|')})\\b`,
    'i',
  ).test(text);
}

const verbs = [
  ...['add', 'begin', 'change', 'check', 'choose', 'close', 'commit', 'compare', 'copy', 'correct'],
  ...[
    'delete',
    'do',
    'double',
    'edit',
    'empty',
    'exempt',
    'export',
    'fill',
    'free',
    'give',
    'keep',
  ],
  ...['leave', 'let', 'look', 'lower', 'merge', 'move', 'name', 'pass', 'put', 'quote', 'raise'],
  ...['remove', 'rename', 'report', 'restore', 'review', 'run', 'save', 'set', 'shorten', 'split'],
  ...['take', 'tick', 'use', 'write'],
];

function opening(): string {
  const rows = Object.entries(reasons).map(([reason, words]) => [`\`${reason}\``, words]);
  return `# Troubleshooting

Every message of the action, from its sources: \`…\` stands for what differs from run to run. Search
this page for the words that your run says. The message is in the log, in the job summary and, where
it concerns a file, on its line in the pull request. Where a message says itself what to do, its row
says no more. \`npm run docs\` writes this page.

The output \`failure-reason\` says which kind of failure it is:

${table(['failure-reason', 'meaning'], rows)}

With debug logging on (*Re-run jobs → Enable debug logging*), the log shows the requests that were
tried again, and a defect of the action shows its stack.
`;
}

function findings(): string {
  const rows = Object.entries(rules).map(([rule, { severity, about }]) => [
    `\`${rule}\``,
    severity,
    about,
  ]);
  return `## Rules\n\nWhat a plan and an import look for in what git changed. The report as JSON names the rule. An error\nfails the run, a warning or a remark does not. \`rules\` in [the configuration](configuration.md) sets the\nseverity of most.\n\n${table(['rule', 'severity', 'it finds that'], rows)}\n`;
}

function codes(): string {
  const rows = [...remedies].map(([code, remedy]) => [`\`${code}\``, remedy]);
  return `## Codes of Wix\n\nWhat helps where Wix gives one of its codes, for a request, a job or a row.\n\n${table(['code', 'what to do'], rows)}\n`;
}
