/** The site of the demo: a small tea shop with two collections and translations of one. */
import { createHash } from 'node:crypto';
import { guidFrom, randomFrom } from '../emulator/random.ts';

export interface DemoItem {
  readonly [field: string]: string | number | boolean | readonly string[] | { $date: string };
}

const origins = [
  { name: 'Assam', country: 'India', altitude: 120 },
  { name: 'Darjeeling', country: 'India', altitude: 1_950 },
  { name: 'Fujian', country: 'China', altitude: 840 },
  { name: 'Shizuoka', country: 'Japan', altitude: 410 },
  { name: 'Uva', country: 'Sri Lanka', altitude: 1_280 },
  { name: 'Yunnan', country: 'China', altitude: 1_700 },
] as const;

const kinds = [
  { name: 'Black', french: 'Thé noir', german: 'Schwarzer Tee', minutes: 4 },
  { name: 'Green', french: 'Thé vert', german: 'Grüner Tee', minutes: 2 },
  { name: 'White', french: 'Thé blanc', german: 'Weißer Tee', minutes: 5 },
  { name: 'Oolong', french: 'Thé bleu', german: 'Oolong', minutes: 3 },
] as const;

const pickings = ['First Flush', 'Second Flush', 'Monsoon', 'Autumn', 'Winter'] as const;
const grades = ['Whole Leaf', 'Broken Leaf', 'Gold Tips'] as const;

/** A tea: 6 origins × 4 kinds × 5 pickings × 3 grades make 360 of them. */
interface Tea {
  readonly item: DemoItem & { readonly _id: string; readonly title: string };
  readonly french: string;
  readonly german: string;
}

/** The id of an origin or a tea: a GUID, as Wix makes them, and always the same one for a title. */
export function idOf(title: string): string {
  return guidFrom(randomFrom(createHash('sha256').update(title).digest().readUInt32BE()));
}

export const originItems: readonly DemoItem[] = origins.map(({ name, country, altitude }) => ({
  _id: idOf(name),
  title: name,
  country,
  altitude,
  notes: `Grown at ${altitude} m, "the ${name} way",\nand dried in the shade.`,
}));

export const teas: readonly Tea[] = origins.flatMap((origin) =>
  kinds.flatMap((kind) =>
    pickings.flatMap((picking) => grades.map((grade) => tea(origin, kind, picking, grade))),
  ),
);

function tea(
  origin: (typeof origins)[number],
  kind: (typeof kinds)[number],
  picking: (typeof pickings)[number],
  grade: (typeof grades)[number],
): Tea {
  const title = `${origin.name} ${kind.name}, ${picking}, ${grade}`;
  const position = title.length * 7 + origin.altitude + kind.minutes * 13;
  return {
    item: {
      _id: idOf(title),
      title,
      price: 6 + (position % 40) / 2,
      inStock: position % 5 !== 0,
      origin: idOf(origin.name),
      tags: [kind.name.toLowerCase(), picking.toLowerCase()],
      harvested: `2026-0${1 + (position % 9)}-1${position % 10}`,
      listed: { $date: `2026-09-${10 + (position % 20)}T08:30:00.000Z` },
      description: `<p>${kind.name} tea from <strong>${origin.name}</strong>.</p><p>Steep for ${kind.minutes} minutes.</p>\n`,
    },
    french: `${kind.french} ${origin.name}, ${picking}, ${grade}`,
    german: `${kind.german} ${origin.name}, ${picking}, ${grade}`,
  };
}
