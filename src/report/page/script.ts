/** The program of the HTML report, which runs in a browser. It searches and filters the rows of the page. */

const tools = element('tools', HTMLFormElement);
const search = element('search', HTMLInputElement);
const file = element('file', HTMLSelectElement);
const count = element('count', HTMLElement);
const chips = Array.from(document.querySelectorAll<HTMLInputElement>('.chip input'));
const sections = Array.from(document.querySelectorAll('section'), (section) => ({
  section,
  rows: Array.from(section.querySelectorAll<HTMLElement>('.row')),
}));
const texts = new Map<Element, string>();
const number = new Intl.NumberFormat('en-US');
let timer: number | undefined;

search.addEventListener('input', () => {
  clearTimeout(timer);
  timer = window.setTimeout(filter, 120);
});
for (const control of [file, ...chips]) control.addEventListener('change', filter);
for (const link of document.querySelectorAll<HTMLElement>('a[data-file]')) {
  link.addEventListener('click', () => {
    file.value = link.dataset.file ?? '';
    filter();
  });
}
document.addEventListener('keydown', (event) => {
  const isTyping = event.target instanceof Element && event.target.matches('input, select');
  if (event.key !== '/' || isTyping) return;
  event.preventDefault();
  search.focus();
});
tools.addEventListener('submit', (event) => event.preventDefault());
tools.hidden = false;
filter();

function element<T extends Element>(id: string, type: new () => T): T {
  const found = document.getElementById(id);
  if (found instanceof type) return found;
  throw new Error(`The page has no ${id}`);
}

function filter(): void {
  const terms = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  const kinds = chips.filter(({ checked }) => checked).map(({ value }) => value);
  const found: Element[] = [];
  for (const { section, rows } of sections) {
    const { kind = '', file: of = '' } = section.dataset;
    const isWanted =
      (kinds.length === 0 || kinds.includes(kind)) && (file.value === '' || file.value === of);
    const before = found.length;
    for (const row of rows) {
      row.hidden = !(isWanted && terms.every((term) => textOf(row).includes(term)));
      if (!row.hidden) found.push(row);
    }
    section.hidden = found.length === before;
  }
  const all = sections.reduce((sum, { rows }) => sum + rows.length, 0);
  const entries = `${number.format(all)} ${all === 1 ? 'entry' : 'entries'}`;
  const some = `${number.format(found.length)} of ${entries}`;
  count.textContent = found.length === all ? entries : some;
  highlight(found, terms);
}

function textOf(row: Element): string {
  const text = texts.get(row) ?? row.textContent?.toLowerCase() ?? '';
  texts.set(row, text);
  return text;
}

/** Marks what was searched for, in browsers that can do so without changing elements. */
function highlight(rows: readonly Element[], terms: readonly string[]): void {
  if (!('Highlight' in window)) return;
  const marks = new Highlight();
  for (const row of terms.length === 0 ? [] : rows.slice(0, 1_000)) {
    const walker = document.createTreeWalker(row, NodeFilter.SHOW_TEXT);
    while (walker.nextNode()) mark(walker.currentNode, terms, marks);
  }
  CSS.highlights.set('found', marks);
}

function mark(node: Node, terms: readonly string[], marks: Highlight): void {
  const text = node.nodeValue?.toLowerCase() ?? '';
  if (text.length !== node.nodeValue?.length) return;
  for (const term of terms) {
    for (let at = text.indexOf(term); at !== -1; at = text.indexOf(term, at + term.length)) {
      const range = document.createRange();
      range.setStart(node, at);
      range.setEnd(node, at + term.length);
      marks.add(range);
    }
  }
}
