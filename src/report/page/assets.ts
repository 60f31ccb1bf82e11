import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';

const read = (name: string) => readFileSync(join(import.meta.dirname, name), 'utf8');

/** The style of the page. `scripts/build.ts` puts both texts into the bundle, and so replaces this module. */
export const style = read('style.css');

/** The program of the page, as JavaScript. */
export const script = stripTypeScriptTypes(read('script.ts'));
