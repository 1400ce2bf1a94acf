/** manifest.xml for another address: the sandbox, a staging server, a developer's machine. Pure: text in, text out. */

export interface ManifestTarget {
  /** Public address of the server (APP_URL), without a query: Shopware signs it, and a query would break the proof. */
  readonly appUrl: string;
  readonly appName?: string;
  /** Only for shops outside the Store: a Store build with a secret is refused. */
  readonly secret?: string;
}

const publishedUrl = 'https://app.tillbridge.example';

/** Throws RangeError when the address is not a plain http(s) one or the manifest does not hold what is to be replaced. */
export function renderManifest(manifest: string, target: ManifestTarget): string {
  const url = URL.canParse(target.appUrl) ? new URL(target.appUrl) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol) || url.search !== '' || url.hash !== '') {
    throw new RangeError('the manifest needs a plain http or https address');
  }
  let text = replaced(manifest, publishedUrl, escaped(target.appUrl.replace(/\/+$/, '')));
  if (target.appName !== undefined) text = replaced(text, '<name>Tillbridge</name>', `<name>${escaped(target.appName)}</name>`);
  if (target.secret !== undefined) {
    text = replaced(text, '</registrationUrl>', `</registrationUrl>\n        <secret>${escaped(target.secret)}</secret>`);
  }
  return text;
}

function replaced(text: string, from: string, to: string): string {
  if (!text.includes(from)) throw new RangeError(`the manifest holds no ${from}`);
  return text.replaceAll(from, () => to);
}

function escaped(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
}
