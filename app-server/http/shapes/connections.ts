/** Systems that can be connected, and those that are. */
import { z } from 'zod';
import { kinds } from '../../../connectors/commerce.ts';
import { Cause, Text } from './problems.ts';

export const FormField = z
  .object({
    name: z.string(),
    type: z.enum(['text', 'number', 'boolean', 'choice', 'secret']),
    label: Text,
    help: Text.optional(),
    placeholder: z.string().optional(),
    required: z.boolean(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    group: z.string().optional(),
    advanced: z.boolean().optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    options: z.array(z.object({ value: z.string(), label: Text })).optional(),
    /** Values are chosen from this vocabulary of the connection; free text where it cannot be read. */
    vocabulary: z.string().optional(),
  })
  .meta({ id: 'FormField' });
export type FormField = z.infer<typeof FormField>;

export const Connector = z
  .object({
    name: z.string(),
    title: z.string(),
    /** Comes with the shop; the merchant enters nothing. */
    installed: z.boolean(),
    /** The merchant may agree on the system's own page instead of typing credentials. */
    authorizes: z.boolean(),
    /** Only together with the fields of this group. */
    authorizesWithin: z.string().optional(),
    reads: z.array(z.enum(kinds)),
    writes: z.array(z.enum(kinds)),
    form: z.array(FormField),
  })
  .meta({ id: 'Connector' });
export type Connector = z.infer<typeof Connector>;

export const CheckReport = z
  .object({
    ok: z.boolean(),
    at: z.iso.datetime(),
    summary: z.string().optional(),
    facts: z.array(z.object({ label: z.string(), value: z.string() })),
    warnings: z.array(
      z.object({ code: z.string(), message: z.string(), params: z.record(z.string(), z.union([z.string(), z.number()])).optional() }),
    ),
    cause: Cause.optional(),
  })
  .meta({ id: 'CheckReport' });
export type CheckReport = z.infer<typeof CheckReport>;

export const Connection = z
  .object({
    id: z.string(),
    connector: z.string(),
    title: z.string(),
    /** `paused`: the other side refused our credentials; nothing is sent until they are mended. Work waits, nothing is lost. */
    state: z.enum(['ok', 'paused', 'unchecked']),
    cause: Cause.optional(),
    /** Secrets are left out; `secretsSet` names those that are stored. */
    settings: z.record(z.string(), z.unknown()),
    secretsSet: z.array(z.string()),
    report: CheckReport.optional(),
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof Connection>;

export const SaveConnection = z
  .object({
    /** Secrets that are absent or empty keep their stored value. */
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'SaveConnection' });

export const StartAuthorization = z
  .object({
    /** What is entered so far; secrets are not taken along. */
    settings: z.record(z.string(), z.unknown()),
  })
  .meta({ id: 'StartAuthorization' });

export const Authorization = z.object({ address: z.url() }).meta({ id: 'Authorization' });

export const VocabularyItem = z
  .object({ value: z.string(), label: z.string(), hint: z.string().optional() })
  .meta({ id: 'VocabularyItem' });
export type VocabularyItem = z.infer<typeof VocabularyItem>;
