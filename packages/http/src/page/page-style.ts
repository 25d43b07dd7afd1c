/** Colors are pairs of text and ground with a contrast of at least 7 to 1, for both schemes. */
export const PAGE_STYLE = `
:root {
  color-scheme: light dark;
  --ground: #ffffff; --panel: #f5f7f9; --line: #d0d7de; --text: #1b1f24; --soft: #414a55; --accent: #0a4fae;
  --good: #0d5524; --good-ground: #dcf5e3; --warn: #6b4300; --warn-ground: #fff3cd; --bad: #94101f; --bad-ground: #fde4e4;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #0e1217; --panel: #171d24; --line: #37404b; --text: #e8edf2; --soft: #aab4c0; --accent: #8fbcff;
    --good: #86e6a2; --good-ground: #10291a; --warn: #f4cf6a; --warn-ground: #2b2310; --bad: #ffaaa3; --bad-ground: #331517;
  }
}
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 64rem; padding: 1rem 1rem 3rem; background: var(--ground); color: var(--text); font: 1rem/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem 1rem; }
header p { margin: 0; }
p, li { overflow-wrap: anywhere; }
h1 { font-size: 1.6rem; margin: .5rem 0; overflow-wrap: anywhere; }
header button { margin-left: auto; }
h2 { font-size: 1.15rem; margin: 1.75rem 0 .5rem; }
a { color: var(--accent); }
[hidden] { display: none; }
.badge { display: inline-block; padding: .1rem .6rem; border-radius: 1rem; border: 1px solid currentColor; font-weight: 600; background: var(--panel); }
.good { color: var(--good); background: var(--good-ground); }
.warn { color: var(--warn); background: var(--warn-ground); }
.bad { color: var(--bad); background: var(--bad-ground); }
#verdict { font-size: 1.1rem; margin: .5rem 0 1rem; }
dl { display: grid; grid-template-columns: repeat(auto-fill, minmax(13rem, 1fr)); gap: .5rem; margin: 0; }
dl div { padding: .5rem .75rem; background: var(--panel); border: 1px solid var(--line); border-radius: .5rem; min-width: 0; }
dt { color: var(--soft); font-size: .85rem; }
dd { margin: 0; font-weight: 600; overflow-wrap: anywhere; font-variant-numeric: tabular-nums; }
dl .wide { grid-column: 1 / -1; }
dl .wide dd { white-space: pre-line; }
button, input { font: inherit; color: inherit; padding: .4rem .8rem; border-radius: .4rem; border: 1px solid var(--soft); background: var(--ground); }
button { background: var(--panel); cursor: pointer; }
button:disabled { color: var(--soft); cursor: progress; }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
form { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem; }
ul { margin: 0; padding: 0; list-style: none; }
li { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; margin-bottom: .5rem; }
li p { margin: .25rem 0 0; color: var(--soft); }
#trouble { padding: .5rem .75rem; border: 1px solid var(--line); border-radius: .5rem; }
.note { margin: .25rem 0; color: var(--soft); font-size: .9rem; }
.note:empty { display: none; }
table { border-collapse: collapse; table-layout: fixed; width: 100%; }
caption { text-align: left; color: var(--soft); padding-bottom: .5rem; }
th, td { text-align: left; padding: .4rem .6rem; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: break-word; }
tbody th { font-weight: 600; }
thead th:nth-child(2) { width: 40%; }
@media (max-width: 45rem) {
  thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
  table, caption, tbody, tbody tr, tbody th, tbody td { display: block; }
  tbody tr { padding: .5rem .25rem; border-bottom: 1px solid var(--line); }
  tbody th, tbody td { padding: .1rem .35rem; border: 0; }
  tbody td:empty { display: none; }
}
code { overflow-wrap: anywhere; }
tr.changed th { border-left: .3rem solid var(--accent); }
`;
