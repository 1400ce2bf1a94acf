/** The words in which a connector states its default mapping. The rules are run by app-server/mapping. */
import type { Text } from './text.ts';

export type Value = string | number | boolean;

export const transforms = ['trim', 'upper', 'lower', 'digits', 'text', 'number'] as const;
export type Transform = (typeof transforms)[number];

/** What to do when a rule finds no value. `park` stops the record with a remedy; nothing passes silently. */
export type OnMissing = 'park' | 'leave-out';

/**
 * How one field of the draft gets its value. Order: `force`, else the source value (through the table when there is one),
 * else `default`, else `onMissing`.
 *
 * Paths are dotted. `lines[].x` as target runs the rule for each line; its source paths are then relative to the line,
 * and `$.` in front reaches the whole record. `settings.x` reads the flow's settings. Several paths mean "the first that has a value".
 */
export interface Rule {
  readonly to: string;
  readonly from?: string | readonly string[];
  readonly force?: Value | { readonly path: string };
  readonly default?: Value | { readonly path: string };
  readonly when?: { readonly path: string; readonly in: readonly Value[] };
  /** Looks the value up in the flow's table of that name. */
  readonly table?: { readonly name: string; readonly keys?: readonly (readonly string[])[] };
  /** Keep the source value when the table has no row for it. */
  readonly passUnlisted?: true;
  readonly transform?: readonly Transform[];
  readonly onMissing: OnMissing;
}

/** Copied from the source; a record that lacks it is parked. */
export const needed = (to: string, from: string = to): Rule => ({ to, from, onMissing: 'park' });
/** Copied where the source says it. */
export const given = (to: string, from: string | readonly string[] = to): Rule => ({ to, from, onMissing: 'leave-out' });
/** The merchant's answers to the questions of a flow, as the draft's `policy`. */
export const answers = (settings: { readonly shape: object }): Rule[] =>
  Object.keys(settings.shape).map((name) => given(`policy.${name}`, `settings.${name}`));

/** A value table of a flow. Rows are `{ from, to }`; several key parts are joined with `:` (`NL:2100`). */
export interface TableDefinition {
  readonly name: string;
  readonly title: Text;
  readonly help?: Text;
  /** Vocabulary of the source that fills the left column. */
  readonly source: string;
  /** Vocabulary of the target that the right column chooses from; absent for free text. */
  readonly target?: string;
  /** Suggest rows by similar labels when the flow is set up. */
  readonly suggest?: true;
}

export type TableRows = Readonly<Record<string, readonly { readonly from: string; readonly to: string }[]>>;

/** Which rule gave which field its value; shown in the dry run and kept with the record. */
export interface FiredRule {
  readonly field: string;
  readonly by: 'force' | 'source' | 'table' | 'default' | 'left-out';
  /** Where the value came from: a source path, a table and its key, a setting. */
  readonly source?: string;
}
