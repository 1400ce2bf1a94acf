/** The screens as one HTML page: the built page with this session's facts in it. Implements the Page port of both shop apps. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

const marker = '<!--tillbridge-->';

export interface Page {
  /** `facts` reach the page as JSON in a data block, which no script policy has to allow. */
  render(facts: Readonly<Record<string, unknown>>): Promise<string>;
}

/** `screensDir` holds the built screens (index.html, assets). Rejects with what to do when they were not built. */
export function createPage(screensDir: string): Page {
  let parts: Promise<readonly [string, string]> | undefined;
  return {
    async render(facts) {
      parts ??= load(screensDir);
      try {
        const [before, after] = await parts;
        return `${before}<script type="application/json" id="tillbridge">${jsonForHtml(facts)}</script>${after}`;
      } catch (error) {
        parts = undefined;
        throw error;
      }
    },
  };
}

async function load(screensDir: string): Promise<readonly [string, string]> {
  const html = await readFile(join(screensDir, 'index.html'), 'utf8').catch((cause: unknown) => {
    throw new Error('The screens were not built. Run `npm run build` and start again.', { cause });
  });
  const at = html.indexOf(marker);
  if (at < 0) throw new Error(`The built screens lack the place for their session (${marker}). Run \`npm run build\` and start again.`);
  return [html.slice(0, at), html.slice(at + marker.length)];
}

/** JSON that cannot end the script element it stands in. */
function jsonForHtml(facts: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(facts).replaceAll(/[<>&\u2028\u2029]/g, (sign) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
