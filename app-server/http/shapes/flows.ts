/** Flows between two connections, their settings and counts. */
import { z } from 'zod';
import { kinds } from '../../../connectors/commerce.ts';
import { FormField } from './connections.ts';
import { Cause, Text } from './problems.ts';

export const FlowEnd = z.object({ connection: z.string(), connector: z.string(), title: z.string() }).meta({ id: 'FlowEnd' });
export type FlowEnd = z.infer<typeof FlowEnd>;

export const Table = z
  .object({
    name: z.string(),
    title: Text,
    help: Text.optional(),
    /** Vocabulary of the source connection for the left column. */
    source: z.string(),
    /** Vocabulary of the target connection for the right column; absent for free text. */
    target: z.string().optional(),
  })
  .meta({ id: 'Table' });
export type Table = z.infer<typeof Table>;

export const TableRow = z.object({ from: z.string().min(1).max(200), to: z.string().min(1).max(200) });

export const FlowSettings = z
  .object({
    values: z.record(z.string(), z.unknown()),
    tables: z.record(z.string(), z.array(TableRow).max(5000)),
  })
  .meta({ id: 'FlowSettings' });
export type FlowSettings = z.infer<typeof FlowSettings>;

/** received = done + skipped + parked + waiting, always. */
export const Counts = z
  .object({
    received: z.number().int(),
    done: z.number().int(),
    skipped: z.number().int(),
    parked: z.number().int(),
    waiting: z.number().int(),
  })
  .meta({ id: 'Counts' });
export type Counts = z.infer<typeof Counts>;

export const Flow = z
  .object({
    id: z.string(),
    kind: z.enum(kinds),
    source: FlowEnd,
    target: FlowEnd,
    on: z.boolean(),
    /** What there was before may be brought along: it has an import. */
    history: z.boolean(),
    /** Set while nothing is claimed: credentials refused, or the other side is away. */
    held: z.object({ until: z.iso.datetime().optional(), cause: Cause }).optional(),
    /** Records older than this are left alone. */
    from: z.iso.datetime().optional(),
    settings: FlowSettings,
    settingsVersion: z.number().int(),
    form: z.array(FormField),
    tables: z.array(Table),
    counts: Counts,
    lastNoticeAt: z.iso.datetime().optional(),
    lastPollAt: z.iso.datetime().optional(),
    /** Per cause, how many records are parked for it. */
    parkedBy: z.array(z.object({ cause: Cause, count: z.number().int() })),
  })
  .meta({ id: 'Flow' });
export type Flow = z.infer<typeof Flow>;

export const CreateFlow = z.object({ kind: z.enum(kinds), source: z.string(), target: z.string() }).meta({ id: 'CreateFlow' });

export const SaveFlowSettings = z
  .object({ settings: FlowSettings, /** The version that was edited; 409 when somebody saved meanwhile. */ version: z.number().int() })
  .meta({ id: 'SaveFlowSettings' });

export const SwitchFlow = z
  .object({
    on: z.boolean(),
    /** First switch-on: take records from this instant on; default now. */
    from: z.iso.datetime().optional(),
    /** What the look found stays out until it is mended. */
    leaveOut: z.boolean().optional(),
  })
  .meta({ id: 'SwitchFlow' });

export const SettingsVersion = z
  .object({ version: z.number().int(), at: z.iso.datetime(), by: z.string(), settings: FlowSettings })
  .meta({ id: 'SettingsVersion' });
export type SettingsVersion = z.infer<typeof SettingsVersion>;

/** Of one kind of record: the systems in which it begins, and the flows that carry it on. */
export const Ownership = z
  .object({
    kind: z.enum(kinds),
    masters: z.array(FlowEnd),
    ways: z.array(z.object({ flow: z.string(), source: FlowEnd, target: FlowEnd })),
  })
  .meta({ id: 'Ownership' });
export type Ownership = z.infer<typeof Ownership>;
