import { pageScript } from './page-script.ts';
import { pageStyle } from './page-style.ts';

/** The whole page: a header to play with, the shop's admin, the systems that its records go to. Everything on it comes from stage.json. */
export function sandboxPage(): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Tillbridge sandbox</title>
<link rel="icon" href="data:,">
<style>${pageStyle}</style>
</head>
<body>
<header>
  <div class="top">
    <h1><svg viewBox="0 0 24 24" width="22" height="22" aria-hidden="true"><path d="M3 17c0-6 4-10 9-10s9 4 9 10M3 17h18M8 17v-8.6M16 17v-8.6" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round"/></svg> Tillbridge <span class="tag">Sandbox</span></h1>
    <p class="lead">Simulated systems with the real Tillbridge between them. Place an order in the shop, see it arrive.</p>
    <details class="access">
      <summary>Access data</summary>
      <div class="sheet">
        <p>To connect a system by hand, enter this in Tillbridge.</p>
        <div id="access"></div>
      </div>
    </details>
  </div>
  <div class="bar">
    <div class="group" role="group" aria-label="Set-up">
      <button type="button" data-connect="till" data-done="✓ Connected and switched on">Connect and switch on for me</button>
      <button type="button" data-connect="mailchimp" data-done="✓ Mailchimp connected">Connect Mailchimp for me</button>
      <button type="button" data-connect="lightspeed" data-done="✓ Lightspeed connected">Connect Lightspeed for me</button>
    </div>
    <div class="group" role="group" aria-label="Orders">
      <button type="button" class="first" data-do="paid">Place a paid order</button>
      <button type="button" data-do="unpaid">Place an unpaid order</button>
      <button type="button" data-do="unknown">Order with an unknown article</button>
    </div>
    <div class="group switches" role="group" aria-label="Trouble">
      <label class="switch"><input type="checkbox" role="switch" data-toggle="away"><span class="track" aria-hidden="true"></span> Till is away</label>
      <label class="switch"><input type="checkbox" role="switch" data-toggle="lost"><span class="track" aria-hidden="true"></span> Webhooks are lost</label>
    </div>
    <p class="hint"><strong>And the catalogue:</strong> set up Products, then Stock under “More that can flow”, look first, import. Press “Sell one” in the till and watch the shop’s Products.</p>
    <p id="said" role="status"></p>
  </div>
</header>
<main>
  <section aria-labelledby="shop-title">
    <div class="caption"><h2 id="shop-title">The shop’s admin</h2><div id="shops" class="tabs" role="group" aria-label="Shop" hidden></div></div>
    <iframe id="shop" title="The shop’s admin"></iframe>
  </section>
  <section aria-labelledby="views-title">
    <div class="caption"><h2 id="views-title">Systems</h2><div id="views" class="tabs" role="group" aria-label="System"></div></div>
  </section>
</main>
<script>${pageScript}</script>
</body>
</html>
`;
}
