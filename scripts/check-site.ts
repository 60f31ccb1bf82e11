/**
 * Asks a site the questions of docs/check-site.md, and prints the answers as a Markdown table:
 *
 *     WIX_API_KEY=… WIX_SITE_ID=… npm run check-site -- <collection> [en,fr]
 *     WIX_API_KEY=… WIX_SITE_ID=… npm run check-site -- --write [<collection> [en,fr]]
 *
 * The first submits export jobs, and changes nothing on the site. The second creates two collections,
 * imports items into them, and removes both; it reads one of them, unless a collection is named.
 * What is printed of the site's own collections are names of columns and numbers, and no content.
 */
import { parseArgs } from 'node:util';
import { Failure } from '../src/errors.ts';
import { systemClock } from '../src/io/clock.ts';
import { version } from '../src/wix/transport.ts';
import { checkSite } from './check-site/read.ts';
import type { Finding } from './check-site/requests.ts';
import { checkWriting } from './check-site/write.ts';

const usage = 'WIX_API_KEY=… WIX_SITE_ID=… npm run check-site -- [--write] [<collection> [en,fr]]';

/** A row of a table: an answer may hold what would end its cell. */
function rowOf({ question, answer }: Finding): string {
  return `| ${question} | ${answer.replaceAll('|', '\\|').replaceAll('\n', ' ')} |`;
}

/** What to write into the configuration for the collections of this site. */
function settingsIn(findings: readonly Finding[]): string {
  const settings = [...new Set(findings.flatMap(({ setting }) => setting ?? []))];
  return settings.length === 0
    ? 'No setting follows: the defaults fit this site.'
    : ['Settings of each collection:', '', '```yaml', ...settings, '```'].join('\n');
}

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { write: { type: 'boolean', default: false } },
});
const { WIX_API_KEY: apiKey, WIX_SITE_ID: siteId, WIX_API_URL: apiUrl } = process.env;
const [collection, languages = ''] = positionals;
if (!apiKey || !siteId || (collection === undefined && !values.write)) {
  console.error(usage);
  process.exit(1);
}
const interrupted = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () =>
    interrupted.abort(new Failure('cancelled', 'The check was interrupted.')),
  );
}
const connection = {
  ...{ apiUrl: apiUrl || 'https://www.wixapis.com', apiKey, siteId },
  clock: systemClock,
  signal: interrupted.signal,
};
const of = { collection, languages: languages.split(',').filter((language) => language !== '') };
const findings: Finding[] = [];
console.log(`wix-cms-sync ${version}, ${new Date().toISOString().slice(0, 10)}\n`);
console.log('| question | answer |\n| --- | --- |');
for await (const finding of values.write
  ? checkWriting(connection, of)
  : checkSite(connection, { ...of, collection: collection ?? '' })) {
  findings.push(finding);
  console.log(rowOf(finding));
}
if (values.write) console.log(`\n${settingsIn(findings)}`);
