import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comment, planMarker } from '../../src/report/comment.ts';
import { visible } from '../../src/report/escape.ts';
import { hostileText } from './hostile.ts';
import { aPlan, samplePlan } from './plan-samples.ts';
import { aCell, aChange, aFile, aFinding, removed } from './samples.ts';

/** GitHub's Markdown, of which micromark is the nearest relative outside of GitHub. */
const toHtml = await gitHubMarkdown();
if (toHtml === undefined) {
  process.stderr.write(
    'The comment is not read by a real Markdown renderer: micromark and micromark-extension-gfm are not installed.\n',
  );
}

const inMarkdown = toHtml === undefined ? test.skip : test;
const marker = planMarker('.github/wix-cms.yml');

describe('read as Markdown, the comment', () => {
  inMarkdown('keeps its tables, lists and collapsible files', () => {
    const html = rendered(comment(samplePlan(), { marker }));
    const count = (tag: string) => html.split(new RegExp(`<${tag}\\b`)).length - 1;
    const tags = ['h3', 'blockquote', 'li', 'table', 'details', 'ins', 'del'] as const;
    expect(Object.fromEntries(tags.map((tag) => [tag, count(tag)]))).toEqual({
      h3: 1,
      blockquote: 1,
      li: 9,
      table: 11,
      details: 3,
      ins: 14,
      del: 7,
    });
  });

  inMarkdown('has no element that its content asks for', () => {
    const skeleton = (text: string) => {
      const html = rendered(comment(hostilePlan(text), { marker }));
      return html.replace(/<\/?(?:ins|del|br)>/g, '').match(/<\/?[a-z][^>]*>/gi);
    };
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => expect(skeleton(text)).toEqual(skeleton('harmless')),
      ),
    );
  });

  inMarkdown('shows the content as it is, and has it in code elements alone', () => {
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ''),
        (text) => {
          const html = rendered(comment(hostilePlan(text), { marker }));
          const codes = [...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, each = '']) => each);
          expect(codes.map(decoded)).toContain(visible(text));
        },
      ),
    );
  });
});

function rendered(markdown: string): string {
  if (toHtml === undefined) throw new Error('There is no renderer.');
  return toHtml(markdown);
}

function decoded(html: string): string {
  const named: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
  return html.replace(/&(?:#(\d+)|([a-z]+));/g, (_, digits: string | undefined, name: string) =>
    digits === undefined ? (named[name] ?? '') : String.fromCharCode(Number(digits)),
  );
}

function hostilePlan(text: string) {
  const changes = [
    aChange({ key: text, cells: [aCell('note', '1', `${text}2`)] }),
    removed(`${text}3`),
  ];
  return aPlan({
    files: [
      aFile({
        name: `${text}-`,
        changes,
        columns: { added: [text], dropped: [text], renamed: [{ from: text, to: text }] },
      }),
    ],
    findings: [aFinding({ message: text })],
    warnings: [text],
    fingerprint: text,
  });
}

type ToHtml = (markdown: string) => string;

interface Micromark {
  micromark(
    markdown: string,
    options: {
      readonly allowDangerousHtml: boolean;
      readonly extensions: readonly unknown[];
      readonly htmlExtensions: readonly unknown[];
    },
  ): string;
}

interface GitHubFlavour {
  gfm(): unknown;
  gfmHtml(): unknown;
}

async function gitHubMarkdown(): Promise<ToHtml | undefined> {
  const names: readonly string[] = ['micromark', 'micromark-extension-gfm'];
  try {
    const [base, flavour] = await Promise.all(names.map((name) => import(name)));
    const { micromark }: Micromark = base;
    const { gfm, gfmHtml }: GitHubFlavour = flavour;
    const extensions = { extensions: [gfm()], htmlExtensions: [gfmHtml()] };
    return (markdown) => micromark(markdown, { allowDangerousHtml: true, ...extensions });
  } catch {
    return undefined;
  }
}
