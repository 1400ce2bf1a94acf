/** Descriptions: a till keeps plain text, a shop keeps HTML and cleans what it is given. */

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' };

/** Plain text as HTML; what has tags already stays as it is. */
export function htmlOf(text: string): string {
  if (/<[a-z][^>]*>/i.test(text)) return text;
  return text.trim().replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replace(/\r?\n/g, '<br />');
}

/** The same to a reader? Shopware's sanitizer rewrites entities, line breaks and spaces; that is nobody's edit. */
export function sameHtml(one: string, other: string): boolean {
  return canonical(one) === canonical(other);
}

function canonical(html: string): string {
  return html
    .replace(/<br\s*\/?>/gi, '<br>')
    .replace(/<(\/?)([a-z0-9]+)/gi, (_, slash: string, tag: string) => `<${slash}${tag.toLowerCase()}`)
    .replace(/&#(\d{1,6});/g, (_, code: string) => String.fromCodePoint(Math.min(Number(code), 0x10ffff)))
    .replace(/&([a-z]+);/g, (whole, name: string) => entities[name] ?? whole)
    .replace(/\s+/g, ' ')
    .trim();
}
