import '@shopware-ag/meteor-tokens/primitives.css';
import '@shopware-ag/meteor-tokens/administration/light.css';
import '@shopware-ag/meteor-tokens/administration/dark.css';
import '@shopware-ag/meteor-component-library/styles.css';
import '@shopware-ag/meteor-component-library/font.css';
import './style.css';
import { createApp, h } from 'vue';
import { useTicket } from './api.ts';
import App from './app.vue';
import { readBoot } from './boot.ts';
import { hostOf } from './host/hosts.ts';
import { createTexts } from './i18n.ts';
import Entrance from './parts/entrance.vue';
import { applyTheme } from './theme.ts';

const boot = readBoot(document);
applyTheme(boot?.colorScheme);

// The entrance's query is signed or encrypted: it has done its work and should not stay in histories and screenshots.
if (location.search) history.replaceState(null, '', location.pathname + location.hash);

const host = hostOf(boot);
document.documentElement.dataset.frame = host?.growing ? 'growing' : 'fixed';

const texts = await createTexts(boot?.language ?? navigator.language);
if (boot) useTicket(boot.ticket);

createApp({ render: () => h(boot ? App : Entrance) })
  .use(texts)
  .mount('#app');

afterPaint(() => host?.shown());

/** Frames in hidden tabs are not painted, and the admin's clock runs all the same. */
function afterPaint(then: () => void): void {
  let done = false;
  const once = () => {
    if (!done) then();
    done = true;
  };
  requestAnimationFrame(() => setTimeout(once));
  setTimeout(once, 300);
}
