/** The merchant's answers to a flow's questions, parsed by the target's schema. Pure. */
import { z } from 'zod';
import type { KindWriting } from '../../../connectors/connector.ts';
import type { FlowSettings } from '../../engine/model.ts';
import { fieldsOf, invalidInput } from '../problem.ts';

const Values = z.record(z.string(), z.unknown());

/** Throws `invalid-input` naming each wrong value, unknown table and doubled row. Every table of the flow is present afterwards. */
export function parsedSettings(writing: KindWriting, settings: FlowSettings): FlowSettings {
  const values = writing.settings.safeParse(withoutNulls(settings.values));
  const fields = {
    ...(values.error && fieldsOf(values.error, 'settings.values')),
    ...tableFaults(writing, settings.tables),
  };
  if (!values.success || Object.keys(fields).length > 0) throw invalidInput(fields);
  return {
    values: Values.parse(values.data),
    tables: Object.fromEntries(writing.tables.map(({ name }) => [name, settings.tables[name] ?? []])),
  };
}

/** A form sends null for a field that was emptied. */
export const withoutNulls = (values: Readonly<Record<string, unknown>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));

export const defaultSettings = (writing: KindWriting): FlowSettings => parsedSettings(writing, { values: {}, tables: {} });

function tableFaults(writing: KindWriting, tables: FlowSettings['tables']): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const [name, rows] of Object.entries(tables)) {
    if (!writing.tables.some((table) => table.name === name)) faults[`settings.tables.${name}`] = 'This flow has no such table.';
    const seen = new Set<string>();
    rows.forEach(({ from }, index) => {
      if (seen.has(from)) faults[`settings.tables.${name}.${index}.from`] = 'This value stands in the table twice.';
      seen.add(from);
    });
  }
  return faults;
}
