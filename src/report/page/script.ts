/**
 * The program of the HTML report, which runs in a browser. It filters the rows and builds their elements,
 * a batch at a time, as somebody scrolls. Content enters the page as text nodes only.
 */
import type { PageCell, PageData, PageKind, PageRow } from './shape.ts';

const batch = 60;
/** So many rows are printed. */
const printed = 600;

const data: PageData = JSON.parse(element('data', HTMLScriptElement).text);
const tools = element('tools', HTMLFormElement);
const search = element('search', HTMLInputElement);
const file = element('file', HTMLSelectElement);
const view = element('view', HTMLSelectElement);
const count = element('count', HTMLElement);
const list = element('rows', HTMLElement);
const more = element('more', HTMLButtonElement);
const chips = Array.from(document.querySelectorAll<HTMLInputElement>('.chip input'));
const number = new Intl.NumberFormat('en-US');
const haystacks = new Map<PageRow, string>();

let matches: readonly PageRow[] = [];
/** How many of the matches the page holds. */
let held = 0;
let terms: readonly string[] = [];
let timer: number | undefined;

search.addEventListener('input', () => {
  clearTimeout(timer);
  timer = window.setTimeout(filter, 120);
});
for (const control of [file, ...chips]) control.addEventListener('change', filter);
for (const link of document.querySelectorAll<HTMLElement>('[data-file]')) {
  link.addEventListener('click', () => {
    file.value = link.dataset.file ?? '';
    filter();
  });
}
view.addEventListener('change', draw);
tools.addEventListener('submit', (event) => event.preventDefault());
more.addEventListener('click', () => {
  const first = append(batch);
  if (!(first instanceof HTMLElement)) return;
  first.tabIndex = -1;
  first.focus();
});
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.matches('input, select');
  if (event.key !== '/' || isTyping) return;
  event.preventDefault();
  search.focus();
});
new IntersectionObserver(
  (entries) => {
    if (entries.some(({ isIntersecting }) => isIntersecting)) append(batch);
  },
  { rootMargin: '800px' },
).observe(element('end', HTMLElement));
window.addEventListener('beforeprint', () => append(printed - held));
tools.hidden = data.rows.length === 0;
filter();

function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${id}`);
}

function make(tag: string, className: string, ...children: readonly (string | Node)[]) {
  const made = document.createElement(tag);
  if (className !== '') made.className = className;
  made.append(...children);
  return made;
}

function filter(): void {
  terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = new Set(chips.filter(({ checked }) => checked).map(({ value }) => Number(value)));
  matches = data.rows.filter(
    (row) =>
      (kinds.size === 0 || kinds.has(row.kind)) &&
      (file.value === '' || row.file === Number(file.value)) &&
      terms.every((term) => haystack(row).includes(term)),
  );
  count.textContent = countInWords();
  draw();
}

function countInWords(): string {
  const all = data.rows.length;
  const entries = `${number.format(all)} ${all === 1 ? 'entry' : 'entries'}`;
  const shown = matches.length === all ? entries : `${number.format(matches.length)} of ${entries}`;
  if (data.hidden === 0) return shown;
  return `${shown}; ${number.format(data.hidden)} more are in the JSON report only`;
}

/** All that a row can be found by. */
function haystack(row: PageRow): string {
  const known = haystacks.get(row);
  if (known !== undefined) return known;
  const { name, title, words, cells } = row;
  const texts = cells.flatMap(({ field, base, text }) => [
    field,
    base,
    plain(without(text, '+')),
    plain(without(text, '-')),
  ]);
  const all = [name, title, words, data.files[row.file], ...texts];
  const hay = all.filter(Boolean).join('\n').toLowerCase();
  haystacks.set(row, hay);
  return hay;
}

function without(text: PageCell['text'], side: '+' | '-'): PageCell['text'] {
  return text.filter((stretch) => !stretch.startsWith(side));
}

function plain(text: PageCell['text']): string {
  return text.map((stretch) => stretch.slice(1)).join('');
}

function draw(): void {
  list.replaceChildren();
  held = 0;
  append(batch);
  if (matches.length === 0) list.append(make('p', 'none soft', 'Nothing matches these filters.'));
}

/** Adds so many matches to the page; returns the first new element. */
function append(size: number): Element | null {
  const piece = document.createDocumentFragment();
  for (const row of matches.slice(held, held + Math.max(size, 0))) {
    const kind = data.kinds[row.kind];
    if (kind === undefined) continue;
    const before = matches[held - 1];
    if (before?.kind !== row.kind || before.file !== row.file) piece.append(groupOf(row, kind));
    piece.append(rowOf(row, kind));
    held += 1;
  }
  const first = piece.firstElementChild;
  list.append(piece);
  more.hidden = held >= matches.length;
  more.textContent = `Show more (${number.format(matches.length - held)} left)`;
  highlight();
  return first;
}

function groupOf(row: PageRow, { id, title }: PageKind): HTMLElement {
  const name = data.files[row.file] ?? '';
  return make('h3', `group k-${id}`, make('b', '', title), make('span', 'soft', name));
}

function rowOf({ name, title, line, words, cells }: PageRow, kind: PageKind): HTMLElement {
  const where = [title && name, line && `line ${line}`].filter(Boolean).join(' · ');
  return make(
    'article',
    `row card k-${kind.id}`,
    make('h4', '', title ?? name),
    ...(where ? [make('small', '', where)] : []),
    ...(words ? [make('p', 'text', words)] : []),
    ...cells.map((cell) => cellOf(cell, kind)),
  );
}

function cellOf({ field, base, text }: PageCell, { id, left, right }: PageKind): HTMLElement {
  const isOneText = left === '' || (view.value === 'inline' && id !== 'conflict');
  const sides = isOneText
    ? [panel('', text)]
    : [panel(left, without(text, '+')), panel(right, without(text, '-'))];
  if (base !== undefined) sides.unshift(panel('Last agreed', base === '' ? [] : [`=${base}`]));
  return make('div', 'cell', make('div', 'field soft', field), make('div', 'sides', ...sides));
}

function panel(label: string, text: PageCell['text']): HTMLElement {
  const parts = text.map((stretch) => {
    const tag = stretch.startsWith('-') ? 'del' : stretch.startsWith('+') ? 'ins' : 'span';
    return make(tag, '', ...markupIn(stretch.slice(1)));
  });
  const none = parts.length === 0 ? [make('span', 'none soft', 'empty')] : [];
  const body = make('div', 'text', ...parts, ...none);
  body.dir = 'auto';
  return make('div', 'side', ...(label === '' ? [] : [make('small', 'label', label)]), body);
}

/** A text in which HTML tags, which are text as well, are paler than the words. */
function markupIn(text: string): readonly (string | HTMLElement)[] {
  const parts = text.split(/(<\/?[a-z][^<>]*>)/i);
  return parts.map((part, i) => (i % 2 === 1 ? make('span', 'tag soft', part) : part));
}

/** Marks what was searched for, in browsers that can do so without changing elements. */
function highlight(): void {
  if (!('Highlight' in window)) return;
  const found = new Highlight();
  const walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
  while (terms.length > 0 && walker.nextNode() && found.size < 5000) {
    if (walker.currentNode instanceof Text) mark(walker.currentNode, found);
  }
  CSS.highlights.set('found', found);
}

function mark(node: Text, found: Highlight): void {
  const text = node.data.toLowerCase();
  if (text.length !== node.data.length) return;
  for (const term of terms) {
    for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + term.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + term.length);
      found.add(range);
    }
  }
}
