import { basicsShapes } from './basics.ts';
import { catalogueShapes } from './catalogue.ts';
import { choices } from './choices.ts';
import { invoicesShapes } from './invoices.ts';
import { ordersShapes } from './orders.ts';
import { relationsShapes } from './relations.ts';

/**
 * A shape is a row of `name:kind` words in wire order. Kinds: s text, i int, h short, l long, b boolean, d decimal, D date,
 * T date-time, #Name one of a closed list, @Name another shape, _ anything (not looked into).
 * A trailing ? means it may be absent, * any number of times.
 */
export interface Field {
  name: string;
  kind: string;
  optional: boolean;
  many: boolean;
  /** Set when kind is @. Filled in on first use, because shapes refer to each other. */
  shape?: Shape;
  words?: ReadonlySet<string>;
  open: string;
  close: string;
}

export interface Shape {
  name: string;
  fields: Field[];
  index: Map<string, number>;
}

const texts: Record<string, string> = {
  ...basicsShapes,
  ...catalogueShapes,
  ...invoicesShapes,
  ...ordersShapes,
  ...relationsShapes,
};

const words = new Map<string, ReadonlySet<string>>(
  Object.entries(choices).map(([name, [front, endings]]) => [name, new Set(endings.split(' ').map((ending) => front + ending))]),
);

const shapes = new Map<string, Shape>();

function field(word: string): Field {
  const match = /^(\w+):([@#]?\w+)([?*]?)$/.exec(word);
  if (match === null) throw new Error(`bad shape notation: ${word}`);
  const [, name = '', kind = '', count = ''] = match;
  const made: Field = {
    name,
    kind: kind.slice(0, 1),
    optional: count !== '',
    many: count === '*',
    open: `<ns:${name}>`,
    close: `</ns:${name}>`,
  };
  if (made.kind === '@') made.shape = shapeOf(kind.slice(1));
  if (made.kind === '#') {
    const list = words.get(kind.slice(1));
    if (list === undefined) throw new Error(`unknown list of words: ${kind}`);
    made.words = list;
  }
  return made;
}

/** The shape for a row of words. */
export function parseShape(name: string, text: string): Shape {
  const shape: Shape = { name, fields: [], index: new Map() };
  shapes.set(name, shape);
  for (const word of text.trim().split(/\s+/)) if (word !== '') shape.fields.push(field(word));
  shape.fields.forEach((each, at) => {
    shape.index.set(each.name, at);
  });
  return shape;
}

/** A named shape. Throws when there is none: a mistake in this simulator. */
export function shapeOf(name: string): Shape {
  const known = shapes.get(name);
  if (known !== undefined) return known;
  const text = texts[name];
  if (text === undefined) throw new Error(`unknown shape: ${name}`);
  return parseShape(name, text);
}
