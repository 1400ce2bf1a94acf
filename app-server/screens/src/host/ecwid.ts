import type { Boot } from '../boot.ts';
import type { Host } from './host.ts';

interface EcwidAppScript {
  init(options: { app_id: string; autoloadedflag: boolean; autoheight: boolean }): void;
  setSize(size: { height: number }): void;
}

declare global {
  interface Window {
    EcwidApp?: EcwidAppScript;
  }
}

/**
 * The Control Panel hides its loader and fits the frame's height once its script has been initialised on this very page.
 * The page works without it: the script comes from a network of its own.
 */
export function ecwidHost(boot: Boot): Host {
  if (boot.appScript && boot.clientId) load(boot.appScript, boot.clientId);
  return { growing: true, shown() {} };
}

function load(address: string, clientId: string): void {
  const script = document.createElement('script');
  script.src = address;
  script.async = true;
  script.onload = () => {
    try {
      // Its own fitting only ever grows: what it measures is never lower than the frame.
      window.EcwidApp?.init({ app_id: clientId, autoloadedflag: true, autoheight: false });
    } catch {
      // It throws when it was initialised before.
    }
    new ResizeObserver(fit).observe(document.body);
  };
  document.head.append(script);
}

/** Room for a menu that opens on a short page. */
const leastHeight = 640;

function fit(): void {
  window.EcwidApp?.setSize({ height: Math.max(leastHeight, Math.ceil(document.body.getBoundingClientRect().height)) });
}
