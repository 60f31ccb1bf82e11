import { referencedIds } from '../values/value.ts';
import type { CellRules } from './check.ts';
import { quoted } from './finding.ts';

/** Fields that count or order things: their numbers may well double. */
const counts =
  /(?:^|[a-z_-])(?:order|sort|position|index|rank|stock|inventory|quantity|qty|count|year)$/i;

/** In a shorter text, a cut means little. */
const leastText = 100;
/** The longest text in a cell of a spreadsheet. */
const longestCell = 32_767;

/** Edits that are rarely meant. */
export const guardRules: CellRules = {
  'price-jump': ({ key, type, old, text }) => {
    if (type !== 'NUMBER' || !old || text === '' || isCount(key)) return undefined;
    const [before, after] = [Number(old), Number(text)];
    return (
      2 * Math.abs(after - before) > Math.abs(before) &&
      before !== after &&
      /** @cause Prices seldom change so much; without its point, 4.50 becomes 450. The rule ignores fields that count or order, such as `stock` or `sortOrder`. @remedy If you meant it, nothing. To switch the rule off for a collection, set `rules: { price-jump: off }`. */
      `${key} is ${quoted(text)} and was ${quoted(old)}, a change of more than 50 %. Correct it unless you meant it.`
    );
  },
  'text-shrunk': ({ key, type, old = '', text }) => {
    if (type === 'NUMBER' || old.length < leastText) return undefined;
    const isCut = text.length === longestCell && old.length > longestCell;
    const [now, then, parts] =
      type === 'MULTI_REFERENCE'
        ? [referencedIds(text).length, referencedIds(old).length, 'references']
        : [text.length, old.length, 'characters'];
    return (
      (5 * text.length <= old.length || isCut) &&
      `${key} had ${then} ${parts} and now has ${now}. Restore it unless you meant it.`
    );
  },
  'link-password': ({ key, old = '', text }) =>
    password.test(text) &&
    !password.test(old) &&
    `${key} has a link with a password before its host, which everybody can read. Remove it from the link.`,
  'host-changed': ({ key, old = '', text }) => {
    if (!old.includes('://') || !text.includes('://')) return undefined;
    const [before, after] = [hostsIn(old), hostsIn(text)];
    const gone = before.find((host) => !after.includes(host));
    const come = after.find((host) => !before.includes(host));
    return (
      gone !== undefined &&
      come !== undefined &&
      `${key} leads to ${quoted(come)} and led to ${quoted(gone)}. Correct it unless you meant it.`
    );
  },
};

/** A user name and a password before the host of a link. */
const password = /:\/\/[^\s/?#@:]{1,100}:[^\s/?#@]{1,100}@/;

/** Whether a field counts or orders things. */
export function isCount(key: string): boolean {
  return counts.test(key.replaceAll(/([a-z])([A-Z])/g, '$1_$2'));
}

/** The hosts of all the web addresses in a text; with and without `www` is one host. */
function hostsIn(text: string): readonly string[] {
  const addresses = text.match(/\bhttps?:\/\/[^\s"'<>\\)\]}]{1,2000}/gi) ?? [];
  const valid = addresses.filter((address) => URL.canParse(address));
  return [...new Set(valid.map((address) => new URL(address).host.replace(/^www\./, '')))];
}
