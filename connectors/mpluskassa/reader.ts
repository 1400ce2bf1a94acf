/**
 * Reads the till's answers. The `soap` package reads them too, ten times slower: its parser was half of what an order costs, and an answer of a
 * thousand articles stood in everybody's way. Requests are still its work, and the tests hold this reader against it.
 */
import { answerFields, type TypedField, typeFields } from './wsdl.ts';

/** The first child of an envelope's Body, whatever its name and prefix. */
export interface BodyChild {
  /** Without the prefix. */
  readonly name: string;
  readonly value: unknown;
}

type Value = string | number | boolean | null | Value[] | Node;
type Node = { [name: string]: Value };

/** What is known of an element that is open. */
interface Open {
  /** As it stands in the document, prefix included. */
  readonly tag: string;
  readonly name: string;
  /** Undefined: nothing is known, its text is a text and its children are taken as they come. */
  readonly type: string | undefined;
  readonly fields: ReadonlyMap<string, TypedField> | undefined;
  readonly nil: boolean;
  node: Node | undefined;
  text: string | undefined;
}

/**
 * Throws a SyntaxError where the text is not well-formed. Values have the types of the WSDL: numbers and flags are numbers and flags, what may
 * repeat is a list, an empty text is one, any other empty element is null, an element marked nil is left out.
 * @param root type of the answer, taken for the child of Body under any name
 */
export function readBody(xml: string, root: string): BodyChild {
  const stack: Open[] = [];
  let body: BodyChild | undefined;
  let at = 0;
  for (;;) {
    const start = xml.indexOf('<', at);
    const current = stack[stack.length - 1];
    if (start < 0) {
      if (current) throw new SyntaxError(`<${current.tag}> is not closed`);
      break;
    }
    // Between elements there is only layout; text is asked for where an element closes.
    if (start > at && current) addText(current, xml.slice(at, start), true);
    const next = xml.charCodeAt(start + 1);
    if (next === question) {
      at = behind(xml, '?>', start);
      continue;
    }
    if (next === exclamation) {
      at = xml.startsWith('<!--', start) ? behind(xml, '-->', start + 4) : cdata(xml, start, current);
      continue;
    }
    const end = endOfTag(xml, start);
    at = end + 1;
    if (next === slash) {
      const tag = xml.slice(start + 2, end).trimEnd();
      if (current?.tag !== tag) throw new SyntaxError(`</${tag}> closes nothing`);
      stack.pop();
      body = close(current, stack) ?? body;
      continue;
    }
    const empty = xml.charCodeAt(end - 1) === slash;
    const opened = openTag(xml.slice(start + 1, empty ? end - 1 : end), stack, root);
    if (empty) body = close(opened, stack) ?? body;
    else stack.push(opened);
  }
  if (body === undefined) throw new SyntaxError('there is no answer in the envelope');
  return body;
}

const slash = 47;
const question = 63;
const exclamation = 33;
const colon = 58;

const nilAttribute = /\s(?:[\w.-]+:)?nil\s*=\s*["'](?:true|1)["']/;
const tagName = /^[\w.:-]+(?=\s|$)/;

/** Levels: 0 Envelope, 1 Header or Body, 2 the answer. */
function openTag(content: string, stack: readonly Open[], root: string): Open {
  const bare = content.search(/\s/) < 0;
  const tag = bare ? content : (tagName.exec(content)?.[0] ?? '');
  if (tag === '') throw new SyntaxError('a tag has no name');
  const name = local(tag);
  const parent = stack[stack.length - 1];
  const isAnswer = stack.length === 2 && parent?.name === 'Body';
  const type = isAnswer ? root : parent?.fields?.get(name)?.type;
  return {
    tag,
    name,
    type,
    fields: isAnswer ? answerFields(root) : type === undefined ? undefined : typeFields(type),
    nil: !bare && nilAttribute.test(content),
    node: undefined,
    text: undefined,
  };
}

const closedQuotes = /^[^"']*(?:"[^"]*"[^"']*|'[^']*'[^"']*)*$/;

/** The value of an attribute may hold a `>`. */
function endOfTag(xml: string, start: number): number {
  let end = xml.indexOf('>', start);
  while (end >= 0) {
    const content = xml.slice(start, end);
    if ((!content.includes('"') && !content.includes("'")) || closedQuotes.test(content)) return end;
    end = xml.indexOf('>', end + 1);
  }
  throw new SyntaxError('a tag is not finished');
}

function local(tag: string): string {
  for (let index = 0; index < tag.length; index += 1) if (tag.charCodeAt(index) === colon) return tag.slice(index + 1);
  return tag;
}

function close(element: Open, stack: readonly Open[]): BodyChild | undefined {
  const parent = stack[stack.length - 1];
  if (parent === undefined) return undefined;
  if (stack.length === 2 && parent.name === 'Body') {
    // The first one is the answer; gSOAP puts what is referred to from it behind it.
    if (parent.node !== undefined) return undefined;
    parent.node = {};
    return { name: element.name, value: element.nil ? null : read(element) };
  }
  if (stack.length < 3 || element.nil) return undefined;
  const { name } = element;
  parent.node ??= {};
  const before = parent.node[name];
  const value = read(element);
  if (Array.isArray(before)) before.push(value);
  else if (parent.fields?.get(name)?.many) parent.node[name] = [value];
  else if (before !== undefined) parent.node[name] = [before, value];
  else parent.node[name] = value;
  return undefined;
}

function read({ node, text, type }: Open): Value {
  if (node !== undefined) return node;
  const words = text?.trim() ?? '';
  switch (type) {
    case 'string':
      return words;
    case 'int':
    case 'long':
    case 'short':
      return words === '' ? null : Number.parseInt(words, 10);
    case 'decimal':
      return words === '' ? null : Number(words);
    case 'boolean':
      return words === '' ? null : words.toLowerCase() === 'true' || words === '1';
    default:
      return words === '' ? null : words;
  }
}

function addText(element: Open, raw: string, encoded: boolean): void {
  if (element.node !== undefined) return;
  const text = encoded && raw.includes('&') ? decoded(raw) : raw;
  element.text = element.text === undefined ? text : element.text + text;
}

function cdata(xml: string, start: number, current: Open | undefined): number {
  if (!xml.startsWith('<![CDATA[', start)) throw new SyntaxError('document types are not accepted');
  const end = behind(xml, ']]>', start + 9);
  if (current) addText(current, xml.slice(start + 9, end - 3), false);
  return end;
}

function behind(xml: string, mark: string, from: number): number {
  const end = xml.indexOf(mark, from);
  if (end < 0) throw new SyntaxError(`${mark} is missing`);
  return end + mark.length;
}

const entities: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function decoded(text: string): string {
  return text.replace(/&([^;&]*);?/g, (whole, name: string) => {
    const known = entities[name];
    if (known !== undefined && whole.endsWith(';')) return known;
    const digits = /^#(?:x([0-9a-fA-F]+)|(\d+))$/.exec(name);
    const point = digits === null ? Number.NaN : Number.parseInt(digits[1] ?? digits[2] ?? '', digits[1] === undefined ? 10 : 16);
    if (!(point <= 0x10ffff) || !whole.endsWith(';')) throw new SyntaxError(`${whole} is no character`);
    return String.fromCodePoint(point);
  });
}
