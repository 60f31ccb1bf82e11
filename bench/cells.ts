/** The texts of cells: HTML, JSON lists, line breaks and quotes inside, CJK and emoji, blanks. */

/** A field of the tables that are measured. */
export interface Kind {
  readonly key: string;
  /** The field type that Wix would give it. */
  readonly type: string;
}

const words =
  'tea green black roast autumn garden letter window quiet morning paper silver river small bright house winter market old evening Straße Größe café naïve jardin'.split(
    ' ',
  );
const wide = '春夏秋冬山川草木花鳥風月茶道静寂朝夕雨雪東西南北和敬清寂'.split('');
const emoji = ['🍵', '🌿', '🏔️', '👩‍🌾', '✨'];

/** Numbers in [0, 1), the same for the same seed: mulberry32. */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;

function pick(from: readonly string[], random: Random): string {
  return from[Math.floor(random() * from.length)] ?? '';
}

function some(count: number, from: readonly string[], between: string, random: Random): string {
  return Array.from({ length: count }, () => pick(from, random)).join(between);
}

function sentence(random: Random): string {
  return some(3 + Math.floor(random() * 4), words, ' ', random);
}

function paragraph(random: Random): string {
  const link = `<a href="/t/${pick(words, random)}">${some(3, words, ' ', random)}</a>`;
  return `<p class="lead">${sentence(random)}, ${link}</p>`;
}

/** How a cell of each kind is made, and the type of its field. */
export const texts = {
  title: {
    type: 'TEXT',
    text: (random: Random) =>
      random() < 0.1 ? `${sentence(random)} ${pick(emoji, random)}` : sentence(random),
  },
  html: { type: 'RICH_TEXT', text: paragraph },
  price: { type: 'NUMBER', text: (random: Random) => String(Math.floor(random() * 99_999) / 100) },
  list: {
    type: 'ARRAY_STRING',
    text: (random: Random) => JSON.stringify([pick(words, random), pick(words, random)]),
  },
  note: {
    type: 'TEXT',
    text: (random: Random) =>
      random() < 0.5 ? '' : `${sentence(random)}\n"${pick(words, random)}", ${sentence(random)}`,
  },
  stock: { type: 'BOOLEAN', text: (random: Random) => String(random() < 0.5) },
  name: {
    type: 'TEXT',
    text: (random: Random) => some(3 + Math.floor(random() * 8), wide, '', random),
  },
  date: {
    type: 'DATETIME',
    text: (random: Random) =>
      `${new Date(1.7e12 + Math.floor(random() * 1e8) * 1_000).toISOString().slice(0, 19)}Z`,
  },
  link: {
    type: 'URL',
    text: (random: Random) => `https://www.example.com/${some(3, words.slice(0, 20), '/', random)}`,
  },
  wide: {
    type: 'RICH_TEXT',
    text: (random: Random) =>
      Array.from({ length: 19 }, () => paragraph(random)).join(random() < 0.5 ? '' : '\n'),
  },
} as const;

/** The kinds of columns of a table, one after the other. */
export const kinds = [
  'title',
  'html',
  'price',
  'list',
  'note',
  'stock',
  'name',
  'date',
  'link',
] as const;

/** The texts of one row, in columns of these kinds. */
export function cellTexts(
  columns: readonly (keyof typeof texts)[],
  row: number,
): readonly string[] {
  const random = randomFrom(row * 7919 + 1);
  return columns.map((kind) => texts[kind].text(random));
}
