/** Other libraries for CSV, each used in the way that its own page shows first. */
import { readFileSync } from 'node:fs';

type Rows = readonly (readonly string[])[];

export interface Peer {
  /** All rows of a file, the header first. */
  readonly read: (file: string) => Rows | Promise<Rows>;
  readonly write?: (rows: Rows) => string | Promise<string>;
}

const textOf = (file: string) => readFileSync(file, 'utf8');

/** Loads a library; the others stay out of the process. */
const peers: Readonly<Record<string, () => Promise<Peer>>> = {
  'csv-parse': async () => {
    const { parse } = await import('csv-parse/sync');
    const { stringify } = await import('csv-stringify/sync');
    return {
      read: (file) => parse(readFileSync(file)),
      write: (rows) => stringify([...rows]),
    };
  },
  papaparse: async () => {
    const { default: papa } = await import('papaparse');
    // The delimiter is not to be guessed, and the line behind the last one is no row.
    const asked = { delimiter: ',', skipEmptyLines: true };
    return {
      read: (file) => {
        const { data, errors } = papa.parse<string[]>(textOf(file), asked);
        if (errors[0] !== undefined) throw new Error(errors[0].message);
        return data;
      },
      write: (rows) => papa.unparse([...rows]),
    };
  },
  'd3-dsv': async () => {
    const { csvParseRows, csvFormatRows } = await import('d3-dsv');
    return {
      read: (file) => csvParseRows(textOf(file)),
      write: (rows) => csvFormatRows(rows.map((row) => [...row])),
    };
  },
  'fast-csv': async () => {
    const { parseFile, writeToString } = await import('fast-csv');
    return {
      read: (file) =>
        new Promise((resolve, reject) => {
          const rows: string[][] = [];
          parseFile<string[], string[]>(file)
            .on('error', reject)
            .on('data', (row) => rows.push(row))
            .on('end', () => resolve(rows));
        }),
      write: (rows) => writeToString(rows.map((row) => [...row])),
    };
  },
  udsv: async () => {
    const { inferSchema, initParser } = await import('udsv');
    return {
      read: (file) => {
        const text = textOf(file);
        const schema = inferSchema(text);
        return [
          schema.cols.map(({ name }) => name),
          ...initParser(schema).stringArrs<string[]>(text),
        ];
      },
    };
  },
};

export const readers: readonly string[] = Object.keys(peers);
export const writers: readonly string[] = readers.filter((name) => name !== 'udsv');

export async function peer(name: string): Promise<Peer> {
  const load = peers[name];
  if (load === undefined) throw new Error(`There is no peer ${name}`);
  return load();
}
