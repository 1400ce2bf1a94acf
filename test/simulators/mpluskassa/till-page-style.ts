/** The look of the till page: a back office, quiet, light or dark as the reader's system is. */
export const tillStyle = `
:root { --ground: #f3f5f7; --card: #fff; --ink: #17202a; --quiet: #55626f; --rule: #dde3e8; --accent: #0b6b5d; --on-accent: #fff;
  --ok: #0b6b3a; --ok-back: #e0f3e8; --warn: #8a4b00; --warn-back: #fdf0dc; --bad: #a1211c; --bad-back: #fbe6e4; }
@media (prefers-color-scheme: dark) {
  :root { --ground: #12171c; --card: #1b2229; --ink: #e8edf1; --quiet: #a3b0bb; --rule: #323c46; --accent: #4fc3ae; --on-accent: #06241f;
    --ok: #7fdca6; --ok-back: #15382a; --warn: #f3c27a; --warn-back: #3c2d14; --bad: #ff9d96; --bad-back: #43201e; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--ground); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 12px 24px; align-items: center; justify-content: space-between; padding: 16px 24px; background: var(--card); border-bottom: 1px solid var(--rule); }
h1 { margin: 0; font-size: 20px; } h2 { margin: 0; padding: 14px 16px; font-size: 16px; } p { margin: 0; }
.quiet { color: var(--quiet); } p#no-orders { padding: 16px; } [hidden] { display: none !important; }
#notice { margin: 16px max(16px, min(24px, 2vw)) 0; padding: 10px 14px; border-radius: 8px; background: var(--warn-back); color: var(--warn); }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 16px; padding: 16px 24px 32px; align-items: start; }
.figures { grid-column: 1 / -1; display: flex; flex-wrap: wrap; gap: 16px; }
.figures div { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; padding: 10px 18px; color: var(--quiet); }
.figures strong { color: var(--ink); font-size: 20px; margin-right: 4px; font-variant-numeric: tabular-nums; }
.orders, .stock { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; overflow: hidden; }
.scroll { overflow: auto; max-height: 75vh; }
table { width: 100%; border-collapse: collapse; }
th:first-child, td:first-child { padding-left: 16px; }
th, td { padding: 9px 10px; text-align: left; vertical-align: top; border-top: 1px solid var(--rule); }
thead th { position: sticky; top: 0; background: var(--card); color: var(--quiet); font-size: 13px; font-weight: 600; white-space: nowrap; }
tbody th { font-weight: 500; } #stock-head th { white-space: normal; }
.amount { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
td ul { margin: 0; padding: 0; list-style: none; }
th .badge { margin-top: 3px; }
.small { display: block; color: var(--quiet); font-size: 13px; }
.badge { display: inline-block; padding: 1px 9px; border-radius: 99px; font-size: 13px; white-space: nowrap; background: var(--warn-back); color: var(--warn); }
.badge.done { background: var(--ok-back); color: var(--ok); }
.badge.off { background: var(--bad-back); color: var(--bad); }
button { font: inherit; padding: 4px 12px; border-radius: 8px; border: 1px solid var(--accent); background: none; color: var(--accent); cursor: pointer; white-space: nowrap; }
button:hover { background: var(--accent); color: var(--on-accent); }
:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; } .scroll:focus-visible { outline-offset: -3px; }
.switch { display: flex; align-items: center; gap: 10px; cursor: pointer; position: relative; }
.switch input { position: absolute; opacity: 0; width: 44px; height: 24px; margin: 0; cursor: pointer; }
.track { width: 44px; height: 24px; border-radius: 99px; background: var(--quiet); position: relative; }
.track::after { content: ""; position: absolute; inset: 3px auto 3px 3px; width: 18px; border-radius: 50%; background: #fff; transition: transform .15s; }
input:checked + .track { background: var(--bad); } input:checked + .track::after { transform: translateX(20px); }
input:focus-visible + .track { outline: 3px solid var(--accent); outline-offset: 2px; }
@media (prefers-reduced-motion: reduce) { .track::after { transition: none; } }
@media (max-width: 560px) {
  body { font-size: 14px; } h2 { padding: 10px 12px; } p#no-orders { padding: 4px 12px 14px; } .figures { gap: 8px; } .figures div { padding: 6px 12px; } main { padding: 10px !important; gap: 10px !important; }
  #orders { display: grid; } #orders tr { display: grid; grid-template-columns: 1fr auto; padding: 8px 12px; border-top: 1px solid var(--rule); }
  #orders :is(th, td) { padding: 2px 0; border: 0; } #orders td:nth-child(2) { grid-column: 1; } #orders td:nth-child(3) { grid-column: 1 / -1; } #orders td:nth-child(4) { grid-column: 2; grid-row: 1; }
  .orders table, .orders thead { display: block; } .orders thead tr { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
  :is(#stock-head, #stock) :is(th, td):nth-child(3) { display: none; }
  :is(#stock-head, #stock) :is(th, td) { padding-inline: 12px 8px; } 
}
@media (max-width: 1100px) { main { grid-template-columns: minmax(0, 1fr); padding: 16px; } header { padding: 16px; } }
`;
