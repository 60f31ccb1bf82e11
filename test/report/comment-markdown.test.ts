import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { comment, planMarker } from '../../src/report/comment.ts';
import { visible } from '../../src/report/escape.ts';
import { everywhere } from './everywhere.ts';
import { hostileText } from './hostile.ts';
import { decoded, rendered } from './markdown.ts';
import { aPlan, samplePlan } from './plan-samples.ts';

const marker = planMarker('.github/wix-cms.yml');

describe('read as Markdown, the comment', () => {
  test('keeps its tables, lists and collapsible sections', () => {
    const html = rendered(comment(samplePlan(), { marker }));
    const count = (tag: string) => html.split(new RegExp(`<${tag}\\b`)).length - 1;
    const tags = ['h3', 'blockquote', 'li', 'table', 'details', 'ins', 'del'] as const;
    expect(Object.fromEntries(tags.map((tag) => [tag, count(tag)]))).toEqual({
      h3: 1,
      blockquote: 1,
      li: 8,
      table: 11,
      details: 10,
      ins: 14,
      del: 7,
    });
  });

  test('has no element that its content asks for', () => {
    const skeleton = (text: string) => {
      const html = rendered(comment(everywhere(text, aPlan()), { marker }));
      return html.replace(/<\/?(?:ins|del|br)>/g, '').match(/<\/?[a-z][^>]*>/gi);
    };
    fc.assert(
      fc.property(
        hostileText.filter((text) => text !== ''),
        (text) => expect(skeleton(text)).toEqual(skeleton('harmless')),
      ),
    );
  });

  test('shows the content as it is, and has it in code elements alone', () => {
    fc.assert(
      fc.property(
        hostileText.filter((text) => text.trim() !== ''),
        (text) => {
          const html = rendered(comment(everywhere(text, aPlan()), { marker }));
          const codes = [...html.matchAll(/<code>(.*?)<\/code>/g)].map(([, each = '']) => each);
          expect(codes.map(decoded)).toContain(visible(text));
        },
      ),
    );
  });
});
