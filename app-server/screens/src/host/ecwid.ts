import type { Boot } from '../boot.ts';
import type { Host } from './host.ts';

interface EcwidAppScript {
  init(options: { app_id: string; autoloadedflag: boolean; autoheight: boolean }): void;
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
  return { shown() {} };
}

function load(address: string, clientId: string): void {
  const script = document.createElement('script');
  script.src = address;
  script.async = true;
  script.onload = () => {
    try {
      window.EcwidApp?.init({ app_id: clientId, autoloadedflag: true, autoheight: true });
    } catch {
      // It throws when it was initialised before.
    }
  };
  document.head.append(script);
}
