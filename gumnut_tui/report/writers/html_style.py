"""How the report looks in a browser: on a phone, on a desk, in the dark and on paper."""

from __future__ import annotations

CSS = """
:root {
  color-scheme: light dark;
  --page: #f6f6f4; --card: #fff; --ink: #1d1f21; --soft: #5c6166; --line: #dcdcd8;
  --bad: #b3261e; --warn: #8a5a00; --good: #1c6b3a; --normal: #2c5282; --dim: #6a6f75;
}
@media (prefers-color-scheme: dark) {
  :root {
    --page: #16181a; --card: #1f2225; --ink: #e9e9e6; --soft: #a4a9ae; --line: #34383c;
    --bad: #ff8a80; --warn: #f0b455; --good: #74c893; --normal: #8db4e8; --dim: #9aa0a6;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  overflow-wrap: anywhere; font-variant-numeric: tabular-nums;
}
main { max-width: 68rem; margin: 0 auto; padding: 1.5rem 1rem 3rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 .5rem; }
h2 { font-size: 1.15rem; margin: 2.25rem 0 .75rem; }
h3 { font-size: 1rem; margin: 0; }
p { margin: .4rem 0; }
.soft, footer, .kicker, dt, .count { color: var(--soft); }
.kicker { margin: 0; text-transform: uppercase; letter-spacing: .08em; font-size: .75rem; }
.opening { font-size: 1.15rem; }
.tiles { list-style: none; display: flex; flex-wrap: wrap; gap: .6rem; margin: 1.25rem 0 0; padding: 0; }
.tiles li {
  flex: 1 1 9rem; background: var(--card); border: 1px solid var(--line); border-top: 3px solid currentColor;
  border-radius: .5rem; padding: .6rem .8rem;
}
.tiles b { display: block; font-size: 1.6rem; line-height: 1.2; }
.tiles span { color: var(--ink); display: block; }
.tiles small { color: var(--soft); }
.bad { color: var(--bad); } .warn { color: var(--warn); } .good { color: var(--good); }
.normal { color: var(--normal); } .dim { color: var(--dim); }
article, details, .list { background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
article { padding: .9rem 1rem; margin: 0 0 .75rem; break-inside: avoid; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .15rem .9rem; margin: .5rem 0 0; }
dd { margin: 0; }
.strip { display: flex; flex-wrap: wrap; gap: 3px; margin: .75rem 0 0; }
.pic {
  display: inline-block; width: 3rem; height: 2.25rem; border-radius: .2rem; flex: none;
  background: var(--line) center / cover; print-color-adjust: exact; -webkit-print-color-adjust: exact;
}
.chips { list-style: none; display: flex; flex-wrap: wrap; gap: .4rem; margin: 0; padding: 0; }
.chips li { background: var(--card); border: 1px solid var(--line); border-radius: 1rem; padding: .1rem .75rem; }
details { margin: .6rem 0; padding: .5rem .9rem; }
summary { cursor: pointer; }
pre { overflow: auto; max-height: 22rem; font: .8rem/1.45 ui-monospace, Menlo, Consolas, monospace; }
.list { overflow: hidden; }
table { width: 100%; border-collapse: collapse; font-size: .9rem; }
th { text-align: left; font-weight: 600; color: var(--soft); }
th, td { padding: .4rem .7rem; border-bottom: 1px solid var(--line); vertical-align: middle; }
tr:last-child td { border-bottom: 0; }
td.when { white-space: nowrap; color: var(--soft); }
td.shot { width: 4.4rem; padding-right: 0; }
td small { display: block; color: var(--soft); font-weight: 400; }
th { overflow-wrap: normal; }
td.name { min-width: 11rem; }
td.albums { min-width: 7rem; }
footer { margin-top: 2rem; font-size: .85rem; }
@media (max-width: 44rem) {
  thead { display: none; }
  tr { display: grid; grid-template-columns: 3.6rem 1fr; padding: .55rem .7rem; border-bottom: 1px solid var(--line); }
  tr:last-child { border-bottom: 0; }
  td { grid-column: 2; padding: 0; border: 0; }
  td.shot { grid-column: 1; grid-row: 1 / span 5; width: auto; }
  td.name { grid-row: 1; font-weight: 600; min-width: 0; }
  td.albums { min-width: 0; }
  td:empty { display: none; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: .35rem; }
}
@media print {
  :root {
    --page: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb;
    --bad: #8c1d18; --warn: #6b4600; --good: #14522b; --normal: #1f3f6b; --dim: #555;
  }
  body { font-size: 10pt; }
  main { max-width: none; padding: 0; }
  details, .screen { display: none; }
  table { font-size: 8.5pt; }
  th, td { padding: .2rem .4rem; }
  td.when { white-space: normal; }
  td.shot { width: 2.6rem; }
  .pic { width: 2.2rem; height: 1.65rem; }
  tr { break-inside: avoid; }
  thead { display: table-header-group; }
}
"""
