import { Parser } from 'htmlparser2';

/**
 * Whether a site has only spelled HTML in its own way: `<b>Tea</b><br>` as
 * `<p class="font_8"><strong>Tea</strong><br /></p>` (wix-api.md 11). All texts, tags and attributes that
 * were sent are there, in the same order; the site may have added attributes, or a paragraph around a text
 * that is in none.
 */
export function sameHtml(sent: string, stored: string): boolean {
  const [ours, theirs] = [piecesOf(sent), piecesOf(stored)];
  return ours.length === theirs.length && ours.every((piece, i) => holds(piece, theirs[i]));
}

/** A text, the beginning of a tag, or the end of one within a line: `/strong`. */
type Piece = string | { readonly tag: string; readonly attributes: ReadonlyMap<string, string> };

function holds(sent: Piece, stored: Piece | undefined): boolean {
  if (typeof sent === 'string' || typeof stored === 'string') return sent === stored;
  const attributes = [...sent.attributes];
  return (
    sent.tag === stored?.tag &&
    attributes.every(([name, value]) => stored.attributes.get(name) === value)
  );
}

const otherNames: ReadonlyMap<string, string> = new Map([
  ['b', 'strong'],
  ['i', 'em'],
  ['strike', 's'],
  ['del', 's'],
]);

const block =
  /^(?:blockquote|br|d[dlt]|div|h[1-6r]|li|ol|p|pre|section|t(?:able|body|d|h|head|r)|ul)$/;

const none: ReadonlyMap<string, string> = new Map();

const paragraph: Piece = { tag: 'p', attributes: none };

/** Tags that show something, even if there is no text in them. */
const visible = /^(?:audio|embed|hr|iframe|img|input|object|script|svg|video)$/;

/** What the HTML consists of, as a browser reads it; nothing if it shows nothing. */
function piecesOf(html: string): readonly Piece[] {
  // `undefined` is the end of a block.
  const found: (Piece | undefined)[] = [];
  const parser = new Parser({
    onopentag(name, attributes) {
      const spelled = Object.entries(attributes).map(([key, value]) => {
        return [key, key === 'style' ? spelledStyle(value) : value.trim()] as const;
      });
      found.push({ tag: tagOf(name), attributes: new Map(spelled) });
    },
    onclosetag(name) {
      found.push(block.test(name) ? undefined : { tag: `/${tagOf(name)}`, attributes: none });
    },
    ontext(text) {
      const last = found.at(-1);
      if (typeof last === 'string') found.splice(-1, 1, last + text);
      else found.push(text);
    },
  });
  parser.end(html);
  const isEdge = (piece: Piece | undefined) =>
    piece === undefined || (typeof piece === 'object' && block.test(piece.tag));
  const pieces = found.flatMap((piece, i) => {
    if (typeof piece !== 'string') return piece ?? [];
    const text = piece.replaceAll(/[ \t\r\n\f]+/g, ' ');
    const begun = isEdge(found[i - 1]) ? text.replace(/^ /, '') : text;
    const whole = isEdge(found[i + 1]) ? begun.replace(/ $/, '') : begun;
    return whole === '' ? [] : whole;
  });
  const isShown = pieces.some((piece) =>
    typeof piece === 'string' ? piece.trim() !== '' : visible.test(piece.tag),
  );
  if (!isShown) return [];
  return isEdge(pieces[0]) ? pieces : [paragraph, ...pieces];
}

function tagOf(name: string): string {
  return otherNames.get(name) ?? name;
}

/** `color:red` as `color: red`. */
function spelledStyle(style: string): string {
  const rules = style.split(';').map((rule) => rule.trim().replace(/\s*:\s*/, ': '));
  return rules.filter((rule) => rule !== '').join('; ');
}
