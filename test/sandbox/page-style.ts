/** Quiet around the two pages that matter; light or dark as the reader's system is. */
export const pageStyle = `
:root { --ground:#e7ebf0; --card:#fff; --ink:#17202b; --quiet:#556272; --line:#d3dae2; --accent:#0b5fd6; --on-accent:#fff; --good:#0b6b3a; --good-back:#e0f3e8;
  --warn:#8a4b00; --warn-back:#fdf0dc; --plain-back:#eef1f5; --shadow:0 1px 2px #0f172a14, 0 8px 24px #0f172a14; }
@media (prefers-color-scheme: dark) {
  :root { --ground:#0c1014; --card:#171d24; --ink:#e7ecf2; --quiet:#a0aebd; --line:#2f3944; --accent:#6aa6ff; --on-accent:#081425; --good:#7fdca6; --good-back:#15382a;
    --warn:#f3c27a; --warn-back:#3c2d14; --plain-back:#222a33; --shadow:0 8px 24px #0008; }
}
* { box-sizing:border-box; }
[hidden] { display:none !important; }
body { margin:0; height:100vh; height:100dvh; display:flex; flex-direction:column; background:var(--ground); color:var(--ink); font:14px/1.45 system-ui,sans-serif; }
h1,h2,p,dl,dd { margin:0; }
header { background:var(--card); border-bottom:1px solid var(--line); padding:10px 16px; display:grid; gap:10px; position:relative; z-index:1; }
.top, .bar, .group { display:flex; flex-wrap:wrap; align-items:center; gap:8px; }
.top { gap:8px 14px; }
h1 { display:flex; align-items:center; gap:8px; font-size:17px; white-space:nowrap; }
h1 svg { color:var(--accent); }
.tag { font-size:12px; font-weight:600; padding:1px 8px; border-radius:99px; background:var(--plain-back); color:var(--quiet); }
.lead { color:var(--quiet); flex:1 1 22rem; }
.bar { gap:8px 20px; }
.switches { gap:8px 18px; }
button, summary { font:inherit; font-weight:500; padding:6px 12px; border:1px solid var(--line); border-radius:8px; background:var(--card); color:var(--ink); cursor:pointer; white-space:nowrap; }
button:hover:not(:disabled), summary:hover { border-color:var(--accent); }
button.first { background:var(--accent); border-color:var(--accent); color:var(--on-accent); }
button:disabled { cursor:default; color:var(--quiet); }
[data-connect][data-on]:disabled { border-color:transparent; background:var(--good-back); color:var(--good); }
:focus-visible { outline:3px solid var(--accent); outline-offset:2px; }
summary { list-style:none; }
summary::-webkit-details-marker { display:none; }
summary::after { content:"▾"; margin-left:6px; color:var(--quiet); }
.access { position:relative; }
.sheet { position:absolute; z-index:2; right:0; top:calc(100% + 6px); width:27rem; max-width:calc(100vw - 32px); padding:14px 16px; display:grid; gap:10px; background:var(--card); border:1px solid var(--line); border-radius:10px; box-shadow:var(--shadow); }
.sheet { max-height:calc(100vh - 120px); overflow:auto; }
.sheet p, .sheet h3 { color:var(--quiet); }
.sheet h3 { margin:14px 0 6px; font-size:13px; }
.sheet dt { white-space:nowrap; }
dl { display:grid; grid-template-columns:auto minmax(0,1fr) auto; gap:6px 12px; align-items:center; }
dt { color:var(--quiet); }
dd code { font:13px/1.4 ui-monospace,monospace; overflow-wrap:anywhere; }
dl button { padding:2px 9px; font-size:13px; }
.switch { display:flex; align-items:center; gap:8px; cursor:pointer; position:relative; white-space:nowrap; }
.switch input { position:absolute; opacity:0; width:36px; height:20px; margin:0; cursor:pointer; }
.track { width:36px; height:20px; border-radius:99px; background:var(--quiet); position:relative; flex:none; }
.track::after { content:""; position:absolute; inset:3px auto 3px 3px; width:14px; border-radius:50%; background:var(--card); transition:transform .15s; }
input:checked + .track { background:var(--warn); }
input:checked + .track::after { transform:translateX(16px); }
input:focus-visible + .track { outline:3px solid var(--accent); outline-offset:2px; }
.hint { color:var(--quiet); flex:1 1 30rem; }
#said { flex:1 1 100%; padding:6px 12px; border-radius:8px; background:var(--plain-back); color:var(--quiet); }
#said.good { background:var(--good-back); color:var(--good); }
#said.warn { background:var(--warn-back); color:var(--warn); }
main { flex:1; min-height:0; display:grid; grid-template-columns:minmax(0,3fr) minmax(0,2fr); gap:12px; padding:12px; }
section { min-width:0; min-height:0; display:flex; flex-direction:column; background:var(--card); border:1px solid var(--line); border-radius:10px; overflow:hidden; }
.caption { display:flex; align-items:center; gap:12px; padding:6px 12px; border-bottom:1px solid var(--line); min-height:38px; }
h2 { font-size:13px; font-weight:600; color:var(--quiet); }
.tabs { display:flex; flex-wrap:wrap; gap:4px; margin-left:auto; }
.tabs button { padding:2px 8px; font-size:13px; }
.tabs button[aria-pressed=true] { border-color:var(--accent); color:var(--accent); }
iframe { flex:1; min-height:0; width:100%; border:0; background:var(--ground); }
iframe:focus-visible { outline-offset:-3px; }
@media (prefers-reduced-motion: reduce) { .track::after { transition:none; } }
@media (max-width: 1000px) {
  body { height:auto; }
  main { grid-template-columns:minmax(0,1fr); }
  section { height:85vh; min-height:480px; }
}
@media (max-width: 600px) {
  header { padding:10px 12px; }
  main { padding:8px; gap:8px; }
  .group:not(.switches) { width:100%; }
  .group:not(.switches) button { flex:1 1 auto; }
  .sheet { right:auto; left:0; }
}
`;
