/** What never reaches a log, an error or the browser: secrets by their exact text, personal data by the name of its field. */

import type { Kind } from './commerce.ts';

const secretNames =
  /^(?:secret|ident|password|token|access_token|client_secret|client_id|refresh_token|apikey|api_key|secretkey|authorization|payload|code|signature|proof|shopware-shop-signature|shopware-app-signature)$/i;

/** Names of fields as the systems call them, `_` and case apart. */
const personalNames = [
  'e?mail|email_?address|(?:new|old|reminder)_?email|contact|telephone|mobile|phone(?:_?number)?|sms_?phone_?number|fax',
  '(?:first|last|middle|full|relation|billing|shipping)?_?name|fname|lname|customercomment|note',
  'address(?:_?[12])?|addr[12]|street2?|additionaladdressline[12]|(?:house)?number_?addition|zip(?:code)?|postal_?code|postcode|city|suburb|province',
  'address(?:billing|shipping)(?:company|name|street2?|number|extension|zipcode|city|region)',
  'delivery(?:address|zipcode|city)|(?:physical|postal)_(?:address_[12]|suburb|city|postcode|state)',
  'birth_?da(?:te|y)|date_of_birth|national_?id|bankaccountnumber|cardnumber|vatnumber|vatids?|customertaxid|company_?vat_?number|company_?coc_?number',
  'company(?:_?name)?|department|title|ip_?address|remote_?(?:address|ip)|ip_(?:signup|opt)|user_?agent',
].join('|');
const secretFields = 'secret|password|token|access_token|client_secret|refresh_token|apikey|api_key|secretkey|authorization|public_token';

const jsonField = new RegExp(`("(?:${personalNames}|${secretFields})"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*(?:"|\\\\?$)`, 'gi');
/** A body that travels as text inside a body: each of a batch of requests does. */
const nestedField = new RegExp(
  `(\\\\"(?:${personalNames}|${secretFields})\\\\"\\s*:\\s*)\\\\"(?:\\\\\\\\\\\\"|(?!\\\\").)*(?:\\\\"|$)`,
  'gis',
);
const afterName = /"\s*:/;
/** Fields that the merchant names: whatever they are called, they describe a person. */
const mergeFields = /(\\?"merge_fields\\?"\s*:\s*\{)(?:[^{}]|\{[^{}]*\})*(\}|$)/gi;
const xmlField = new RegExp(`(<(?:[a-z][\\w.-]*:)?(${personalNames}|${secretFields})>)[^<]+(<\\/(?:[a-z][\\w.-]*:)?\\2>|$)`, 'gi');
const personalField = new RegExp(`(?:^|\\.)(?:${personalNames})$`, 'i');
/** Stands in the place of what is not shown. */
export const masked = '•••';
const mask = masked;

/** Names in orders and customers are people's; those of products and categories may be read. */
export const subjectOf = (kind: Kind): 'people' | 'things' =>
  kind === 'product' || kind === 'category' || kind === 'stock' ? 'things' : 'people';

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
    if (/merge_fields/i.test(text)) text = text.replace(mergeFields, `$1${mask}$2`);
    // What has no names in quotes is not walked through in search of them.
    if (afterName.test(text)) text = text.replace(jsonField, `$1"${mask}"`).replace(nestedField, `$1\\"${mask}\\"`);
    return text.includes('<') ? text.replace(xmlField, `$1${mask}$3`) : text;
  };
}

const personalQuery = new RegExp(`^(?:${personalNames}|keyword)$`, 'i');

/** The address with secret and personal query values masked. Values are masked in place; the rest stays as it was. */
export function redactUrl(address: string): string {
  const at = address.indexOf('?');
  if (at < 0) return address;
  const query = address
    .slice(at + 1)
    .split('&')
    .map((pair) => {
      const name = pair.split('=', 1)[0] ?? '';
      const plain = decodeURIComponent(name);
      return secretNames.test(plain) || personalQuery.test(plain) ? `${name}=${mask}` : pair;
    })
    .join('&');
  return `${address.slice(0, at)}?${query}`;
}
