/**
 * The one script of the HTML report: it filters the rows of the data island and builds their
 * elements, a batch at a time and some hundreds at once, so that no browser has to lay out all of
 * a large plan. Content enters the page by `textContent` alone.
 */
export const pageScript = `
'use strict';
(function () {
  const batch = 60;
  const most = 600;
  const byId = (id) => document.getElementById(id);
  const data = JSON.parse(byId('data').textContent);
  const list = byId('rows');
  const more = byId('more');
  const earlier = byId('earlier');
  const search = byId('search');
  const file = byId('file');
  const view = byId('view');
  const chips = Array.from(document.querySelectorAll('.chip input'));
  const number = new Intl.NumberFormat('en-US');
  let matches = [];
  let start = 0;
  let shown = 0;
  let terms = [];
  let group = '';

  function make(tag, className, text) {
    const element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function sideOf(text, omitted) {
    return text.filter((stretch) => stretch[0] !== omitted);
  }

  function plain(text) {
    return text.map((stretch) => stretch.slice(1)).join('');
  }

  function haystack(row) {
    if (row.hay === undefined) {
      const parts = [row.name, row.title, row.words, data.files[row.file]];
      for (const cell of row.cells) {
        parts.push(cell.field, cell.base, plain(sideOf(cell.text, '+')), plain(sideOf(cell.text, '-')));
      }
      row.hay = parts.filter(Boolean).join('\\n').toLowerCase();
    }
    return row.hay;
  }

  function filter() {
    terms = search.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const wanted = new Set(chips.filter((chip) => chip.checked).map((chip) => Number(chip.value)));
    matches = data.rows.filter((row) =>
      (wanted.size === 0 || wanted.has(row.kind)) &&
      (file.value === '' || row.file === Number(file.value)) &&
      terms.every((term) => haystack(row).includes(term)));
    const all = data.rows.length;
    byId('count').textContent = matches.length === all
      ? number.format(all) + (all === 1 ? ' entry' : ' entries')
      : number.format(matches.length) + ' of ' + number.format(all) + ' entries';
    if (data.hidden > 0) {
      byId('count').textContent += '; ' + number.format(data.hidden) + ' more are in the JSON report only';
    }
    draw(0);
  }

  function draw(from) {
    list.replaceChildren();
    start = from;
    shown = from;
    group = '';
    append(batch);
    if (matches.length === 0) list.append(make('p', 'none', 'Nothing matches these filters.'));
  }

  function append(count) {
    const end = Math.min(matches.length, shown + count, start + most);
    const piece = document.createDocumentFragment();
    for (; shown < end; shown += 1) {
      const row = matches[shown];
      const name = row.kind + ' ' + row.file;
      if (name !== group) piece.append(groupOf(row));
      group = name;
      piece.append(rowOf(row));
    }
    const first = piece.firstElementChild;
    list.append(piece);
    more.hidden = shown >= matches.length;
    more.textContent = 'Show more (' + number.format(matches.length - shown) + ' left)';
    earlier.hidden = start === 0;
    highlight();
    return first;
  }

  function groupOf(row) {
    const kind = data.kinds[row.kind];
    const heading = make('h3', 'group k-' + kind.id);
    heading.append(make('b', '', kind.title), make('span', '', data.files[row.file]));
    return heading;
  }

  function rowOf(row) {
    const kind = data.kinds[row.kind];
    const article = make('article', 'row k-' + kind.id);
    article.append(make('h4', '', row.title || row.name));
    const where = [];
    if (row.title) where.push(row.name);
    if (row.line !== undefined) where.push('line ' + row.line);
    if (where.length > 0) article.append(make('p', 'where', where.join(' · ')));
    if (row.words) article.append(make('p', 'text', row.words));
    for (const cell of row.cells) article.append(cellOf(cell, kind));
    return article;
  }

  function cellOf(cell, kind) {
    const element = make('div', 'cell');
    const sides = make('div', 'sides');
    element.append(make('div', 'field', cell.field), sides);
    if (cell.base !== undefined) sides.append(panel('Last agreed', cell.base === '' ? [] : ['=' + cell.base]));
    if (kind.id === 'added' || kind.id === 'removed' || (view.value === 'inline' && kind.id !== 'conflict')) {
      sides.append(panel('', cell.text));
    } else {
      sides.append(panel(kind.left, sideOf(cell.text, '+')), panel(kind.right, sideOf(cell.text, '-')));
    }
    return element;
  }

  function panel(label, text) {
    const element = make('div', 'side');
    if (label) element.append(make('span', 'label', label));
    const body = make('div', 'text');
    body.dir = 'auto';
    for (const stretch of text) {
      const tag = stretch[0] === '-' ? 'del' : stretch[0] === '+' ? 'ins' : 'span';
      const element = make(tag, '');
      element.append(...markupIn(stretch.slice(1)));
      body.append(element);
    }
    if (text.length === 0) body.append(make('span', 'none', 'empty'));
    element.append(body);
    return element;
  }

  function markupIn(text) {
    const parts = text.split(/(<\\/?[a-z][^<>]*>)/i);
    return parts.map((part, i) => (i % 2 === 1 ? make('span', 'tag', part) : part));
  }

  function highlight() {
    if (!window.Highlight || !CSS.highlights) return;
    const found = new Highlight();
    const walker = document.createTreeWalker(list, NodeFilter.SHOW_TEXT);
    while (terms.length > 0 && walker.nextNode() && found.size < 5000) mark(walker.currentNode, found);
    CSS.highlights.set('found', found);
  }

  function mark(node, found) {
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

  function choose(index) {
    file.value = String(index);
    filter();
    byId('browse').scrollIntoView();
    search.focus({ preventScroll: true });
  }

  function focusOn(element) {
    if (!element) return;
    element.tabIndex = -1;
    element.focus();
  }

  function turnTo(from) {
    draw(from);
    byId('browse').scrollIntoView();
    focusOn(list.firstElementChild);
  }

  function linkFiles() {
    for (const name of document.querySelectorAll('[data-file]')) {
      const button = make('button', 'link', name.textContent);
      button.type = 'button';
      button.addEventListener('click', () => choose(name.dataset.file));
      name.replaceChildren(button);
    }
  }

  let timer;
  search.addEventListener('input', () => {
    clearTimeout(timer);
    timer = setTimeout(filter, 120);
  });
  for (const control of [file, ...chips]) control.addEventListener('change', filter);
  view.addEventListener('change', () => draw(start));
  byId('tools').addEventListener('submit', (event) => event.preventDefault());
  more.addEventListener('click', () => {
    if (shown < start + most) focusOn(append(batch));
    else turnTo(start + most);
  });
  earlier.addEventListener('click', () => turnTo(start - most));
  document.addEventListener('keydown', (event) => {
    if (event.key === '/' && !/INPUT|SELECT|TEXTAREA/.test(event.target.tagName)) {
      event.preventDefault();
      search.focus();
    }
  });
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) append(batch);
  }, { rootMargin: '800px' }).observe(byId('end'));
  window.addEventListener('beforeprint', () => append(most));
  byId('tools').hidden = data.rows.length === 0;
  linkFiles();
  filter();
})();
`;
