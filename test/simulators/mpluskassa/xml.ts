/** One element as it came in: its local name, its namespace, its own text (entities resolved) and its child elements. */
export interface Element {
  name: string;
  namespace: string;
  text: string;
  children: Element[];
}

export class MalformedXml extends Error {}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function resolveEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-fA-F]+|#\d+|\w+);/g, (whole, name: string) => {
    if (name.startsWith('#x')) return String.fromCodePoint(Number.parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    const found = ENTITIES[name];
    if (found === undefined) throw new MalformedXml(`unknown entity ${whole}`);
    return found;
  });
}

/** Text made safe for element content. */
export function escapeText(text: string): string {
  if (!/[<>&\r]/.test(text)) return text;
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/\r/g, '&#13;');
}

type Prefixes = Readonly<Record<string, string>>;

const DECLARATION = /\sxmlns(?::([\w.-]+))?\s*=\s*(?:"([^"]*)"|'([^']*)')/g;

function declared(attributes: string, outer: Prefixes): Prefixes {
  if (!attributes.includes('xmlns')) return outer;
  const inner: Record<string, string> = { ...outer };
  for (const match of ` ${attributes}`.matchAll(DECLARATION)) inner[match[1] ?? ''] = match[2] ?? match[3] ?? '';
  return inner;
}

function open(tag: string, outer: Prefixes): { element: Element; prefixes: Prefixes } {
  const gap = tag.search(/\s/);
  const qualified = gap < 0 ? tag : tag.slice(0, gap);
  const prefixes = gap < 0 ? outer : declared(tag.slice(gap), outer);
  const colon = qualified.indexOf(':');
  const namespace = prefixes[colon < 0 ? '' : qualified.slice(0, colon)];
  if (namespace === undefined && colon >= 0) throw new MalformedXml(`undeclared prefix in <${qualified}>`);
  const name = colon < 0 ? qualified : qualified.slice(colon + 1);
  if (name === '') throw new MalformedXml('element without a name');
  return { element: { name, namespace: namespace ?? '', text: '', children: [] }, prefixes };
}

/** Skips what is neither an element nor text. Returns where to go on, or -1 when an element starts at `at`. */
function skip(xml: string, at: number, current: Element): number {
  const ends = (mark: string, from: number): number => {
    const end = xml.indexOf(mark, from);
    if (end < 0) throw new MalformedXml(`missing ${mark}`);
    return end;
  };
  const next = xml.charCodeAt(at + 1);
  if (next === 63) return ends('?>', at) + 2;
  if (next !== 33) return -1;
  if (xml.startsWith('<!--', at)) return ends('-->', at + 4) + 3;
  if (!xml.startsWith('<![CDATA[', at)) throw new MalformedXml('document types are not accepted');
  const end = ends(']]>', at + 9);
  current.text += xml.slice(at + 9, end);
  return end + 3;
}

/** Reads a small document into elements. Throws MalformedXml; knows no DTDs, as gSOAP does not either. */
export function readXml(xml: string): Element {
  const top: Element = { name: '', namespace: '', text: '', children: [] };
  const stack: { element: Element; prefixes: Prefixes; tag: string }[] = [{ element: top, prefixes: {}, tag: '' }];
  let at = 0;
  for (;;) {
    const inner = stack[stack.length - 1] as (typeof stack)[number];
    const start = xml.indexOf('<', at);
    if (start < 0) break;
    if (start > at && inner.element.children.length === 0) inner.element.text += resolveEntities(xml.slice(at, start));
    const past = skip(xml, start, inner.element);
    if (past >= 0) {
      at = past;
      continue;
    }
    const end = xml.indexOf('>', start);
    if (end < 0) throw new MalformedXml('unfinished tag');
    at = end + 1;
    if (xml.charCodeAt(start + 1) === 47) {
      if (xml.slice(start + 2, end).trimEnd() !== inner.tag || stack.length === 1)
        throw new MalformedXml(`unexpected end of <${inner.tag}>`);
      stack.pop();
      continue;
    }
    const empty = xml.charCodeAt(end - 1) === 47;
    const tag = xml.slice(start + 1, empty ? end - 1 : end);
    const { element, prefixes } = open(tag, inner.prefixes);
    inner.element.children.push(element);
    if (!empty) stack.push({ element, prefixes, tag: tag.split(/\s/, 1)[0] as string });
  }
  const root = top.children[0];
  if (stack.length !== 1 || root === undefined || top.children.length !== 1) throw new MalformedXml('no single root element');
  return root;
}
