/** The one style of the HTML report. Colours hold a contrast of 4.5 : 1 in both schemes. */
export const pageStyle = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #566176; --line: #d9dee7;
  --accent: #1d4fb8; --accent-ink: #fff; --danger: #a3161f; --danger-paper: #fdecec;
  --old: #7d1420; --old-paper: #fbdfe1; --new: #0c5130; --new-paper: #d3f2df;
  --odd: #5c3a00; --odd-paper: #ffe9bf; --find: #ffe27a; --find-ink: #2b2300;
  --conflict: #a3161f; --removed: #a3161f; --error: #a3161f; --warning: #7a4d00;
  --drift: #7a4d00; --changed: #1d4fb8; --added: #0f6b3e; --pending: #566176;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --paper: #11151c; --card: #1a202a; --ink: #e7ebf2; --soft: #a5b0c2; --line: #313a49;
    --accent: #8db4ff; --accent-ink: #0d1626; --danger: #ff9a9a; --danger-paper: #371b20;
    --old: #ffc4c8; --old-paper: #5a2029; --new: #b4f0cc; --new-paper: #174a31; --odd: #ffdf9e; --odd-paper: #523d12;
    --conflict: #ff9a9a; --removed: #ff9a9a; --error: #ff9a9a; --warning: #f2c572;
    --drift: #f2c572; --changed: #8db4ff; --added: #84dfab; --pending: #a5b0c2;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--paper); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif;
}
header, main, footer { max-width: 72rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
footer { padding-top: 2rem; padding-bottom: 3rem; color: var(--soft); font-size: .875rem; overflow-wrap: anywhere; }
h1 { font-size: clamp(1.5rem, 1.1rem + 2vw, 2.1rem); line-height: 1.2; letter-spacing: -.015em; margin: 0 0 .5rem; text-wrap: balance; overflow-wrap: anywhere; }
h2 { font-size: 1.2rem; margin: 2rem 0 .75rem; }
p { margin: .5rem 0; }
code { font: .92em ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; overflow-wrap: anywhere; }
a, .link { color: var(--accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; border-radius: 4px; }
.skip { position: absolute; left: -100rem; }
.skip:focus { left: 1rem; top: 1rem; padding: .5rem 1rem; background: var(--card); z-index: 3; }
.lead { font-size: 1.1rem; color: var(--soft); }
.dangers, .notes { margin: 1rem 0; padding: .75rem 1rem .75rem 2.2rem; border-radius: 10px; }
.dangers { background: var(--danger-paper); border-left: 5px solid var(--danger); padding-left: 2rem; }
.dangers li::marker { color: var(--danger); }
.notes { background: var(--card); border: 1px solid var(--line); }
li + li { margin-top: .3rem; }
.scroll { overflow-x: auto; background: var(--card); border: 1px solid var(--line); border-radius: 10px; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { padding: .5rem .9rem; text-align: right; border-top: 1px solid var(--line); }
th { font-weight: 600; }
thead th { border-top: 0; font-size: .8rem; color: var(--soft); vertical-align: bottom; }
th:first-child { text-align: left; }
tbody th { min-width: 11rem; overflow-wrap: anywhere; }
tbody th small { display: block; font-weight: 400; color: var(--soft); }
thead th { white-space: nowrap; }
.link { background: none; border: 0; padding: .15rem 0; font: inherit; text-align: left; text-decoration: underline; cursor: pointer; }
.tools {
  position: sticky; top: 0; z-index: 2; background: var(--paper); padding: .75rem 0; margin-top: .5rem;
  display: flex; flex-wrap: wrap; gap: .6rem .9rem; align-items: center; border-bottom: 1px solid var(--line);
}
.tools[hidden] { display: none; }
.tools input[type=search], .tools select {
  font: inherit; color: inherit; background: var(--card); border: 1px solid var(--soft);
  border-radius: 8px; padding: .45rem .7rem; min-height: 2.75rem;
}
::placeholder { color: var(--soft); opacity: 1; }
.tools input[type=search] { flex: 1 1 16rem; min-width: 0; }
.tools select { flex: 0 1 14rem; min-width: 0; max-width: 100%; }
fieldset { border: 0; margin: 0; padding: 0; display: flex; flex-wrap: wrap; gap: .4rem; min-width: 0; }
.unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.chip { position: relative; display: inline-flex; align-items: center; gap: .45rem; min-height: 2.25rem; padding: 0 .8rem; border: 1px solid var(--line); border-radius: 99px; background: var(--card); cursor: pointer; font-size: .9rem; }
.chip input { position: absolute; inset: 0; opacity: 0; margin: 0; cursor: pointer; }
.chip:has(:checked) { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.chip:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.chip b { font-weight: 600; font-variant-numeric: tabular-nums; }
.dot { width: .6rem; height: .6rem; border-radius: 50%; background: var(--kind); border: 1px solid var(--card); }
.count { color: var(--soft); margin: .75rem 0; }
.group { display: flex; align-items: baseline; gap: .5rem; margin: 1.75rem 0 .6rem; font-size: 1rem; overflow-wrap: anywhere; }
.group b { color: var(--kind); }
.group span { color: var(--soft); font-weight: 400; }
.row { background: var(--card); border: 1px solid var(--line); border-left: 5px solid var(--kind); border-radius: 10px; padding: .8rem 1rem; margin: 0 0 .7rem; }
.row h4 { margin: 0; font-size: 1rem; overflow-wrap: anywhere; }
.row .where { margin: 0; color: var(--soft); font-size: .85rem; overflow-wrap: anywhere; }
.cell { margin-top: .7rem; display: grid; gap: .25rem .9rem; grid-template-columns: minmax(6rem, 10rem) minmax(0, 1fr); }
.field { font-size: .85rem; font-weight: 600; color: var(--soft); padding-top: .3rem; overflow-wrap: anywhere; }
.sides { display: grid; gap: .5rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 17rem), 1fr)); }
.side { background: var(--paper); border-radius: 7px; padding: .3rem .6rem .4rem; min-width: 0; }
.label { display: block; font-size: .72rem; font-weight: 600; color: var(--soft); }
.text { white-space: pre-wrap; overflow-wrap: anywhere; }
.tag { color: var(--soft); }
del .tag, ins .tag { color: inherit; }
.none { color: var(--soft); font-style: italic; }
del, ins { border-radius: 3px; padding: 0 .1em; box-decoration-break: clone; -webkit-box-decoration-break: clone; }
del { background: var(--old-paper); color: var(--old); text-decoration: line-through 1px; }
ins { background: var(--new-paper); color: var(--new); text-decoration: underline 1px; text-underline-offset: .18em; }
.k-conflict del, .k-conflict ins { text-decoration: none; background: var(--odd-paper); color: var(--odd); }
.k-added ins, .k-removed del { background: none; color: inherit; text-decoration: none; padding: 0; }
.more { display: block; margin: 1.25rem auto; font: inherit; padding: .6rem 1.4rem; border-radius: 8px; border: 1px solid var(--accent); background: var(--card); color: var(--accent); cursor: pointer; min-height: 2.75rem; }
.more[hidden] { display: none; }
.k-conflict { --kind: var(--conflict); } .k-removed { --kind: var(--removed); }
.k-error { --kind: var(--error); } .k-warning { --kind: var(--warning); }
.k-drift { --kind: var(--drift); } .k-changed { --kind: var(--changed); }
.k-added { --kind: var(--added); }
.k-pending, .k-caught-up { --kind: var(--pending); }
::highlight(found) { background: var(--find); color: var(--find-ink); }
@media (max-width: 44rem) {
  header, main, footer { padding-left: .9rem; padding-right: .9rem; }
  .tools { position: static; }
  .tools input[type=search] { flex-basis: 100%; }
  .tools select { flex: 1 1 8rem; }
  .cell { grid-template-columns: minmax(0, 1fr); }
  th, td { padding: .45rem .6rem; }
}
@media print {
  :root { color-scheme: light; }
  body { background: #fff; font-size: 10pt; }
  .tools, .more, .skip { display: none; }
  .row { break-inside: avoid; }
  .side { border: 1px solid var(--line); }
  del, ins { print-color-adjust: exact; -webkit-print-color-adjust: exact; }
}
`;
