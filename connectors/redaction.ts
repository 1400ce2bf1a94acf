/** What never reaches a log, an error or the browser: secrets by their exact text, personal data by the name of its field. */

import type { Kind } from './commerce.ts';

const secretNames =
  /^(?:secret|ident|password|token|access_token|client_secret|client_id|refresh_token|apikey|api_key|secretkey|authorization|payload|code|signature|proof|shopware-shop-signature|shopware-app-signature)$/i;

const personalNames =
  'e?mail|emailaddress|firstname|lastname|fullname|name|contact|address|street|additionaladdressline[12]|zipcode|postalcode|city|deliveryaddress|deliveryzipcode|deliverycity|telephone|mobile|phone|phonenumber|birthdate|birthday|remoteaddress|vatnumber|vatids?|company|companyname|department|title|customercomment|bankaccountnumber|cardnumber|relationname|customertaxid|ipaddress';
const secretFields = 'secret|password|token|access_token|client_secret|refresh_token|apikey|api_key|secretkey|authorization|public_token';

const jsonField = new RegExp(`("(?:${personalNames}|${secretFields})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)`, 'gi');
const xmlField = new RegExp(`(<(?:[a-z][\\w.-]*:)?(${personalNames}|${secretFields})>)[^<]+(<\\/(?:[a-z][\\w.-]*:)?\\2>|$)`, 'gi');
const personalField = new RegExp(`(?:^|\\.)(?:${personalNames})$`, 'i');
const mask = '•••';

/** Names in orders and customers are people's; those of products and categories may be read. */
export const subjectOf = (kind: Kind): 'people' | 'things' => (kind === 'order' || kind === 'customer' ? 'people' : 'things');

/** Does the last part of this dotted path name something about a person? `customer.email` does, `lines[0].name` names an article. */
export function isPersonalField(path: string): boolean {
  return !path.startsWith('lines[') && personalField.test(path);
}

/** Masks secrets and personal data in a request or answer, JSON or XML; structure, numbers and amounts stay readable. */
export function createRedactor(secrets: readonly string[], about: 'people' | 'things' = 'people'): (body: string) => string {
  const exact = secrets.filter((secret) => secret.length >= 4).flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return (body) => {
    let text = body;
    for (const secret of exact) text = text.replaceAll(secret, mask);
    if (about === 'things') return text;
    return text.replace(jsonField, `$1"${mask}"`).replace(xmlField, `$1${mask}$3`);
  };
}

/** The address with secret query values masked. Values are masked in place; the rest stays as it was. */
export function redactUrl(address: string): string {
  const at = address.indexOf('?');
  if (at < 0) return address;
  const query = address
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const name = pair.split('=', 1)[0] ?? '';
      return secretNames.test(decodeURIComponent(name)) ? `${name}=${mask}` : pair;
    })
    .join('&');
  return `${address.slice(0, at)}?${query}`;
}
