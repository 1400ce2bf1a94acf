/** From what the engine keeps to what the screens see. Pure; secrets and personal data are left behind here. */
import type { Kind } from '../../connectors/commerce.ts';
import type { CheckReport, Connector, PlanNote, PlanStep } from '../../connectors/connector.ts';
import type { FiredRule } from '../../connectors/mapping.ts';
import { createRedactor, isPersonalField, subjectOf } from '../../connectors/redaction.ts';
import type { Attempt } from '../engine/attempt.ts';
import type { Rehearsal } from '../engine/desk.ts';
import type { Cause, Connection, Entry } from '../engine/model.ts';
import type * as api from './api.ts';
import { formOf, secretFieldsOf } from './forms.ts';

export function presentConnector(connector: Connector): api.Connector {
  return {
    name: connector.name,
    title: connector.title,
    installed: connector.installed ?? false,
    authorizes: connector.authorization !== undefined,
    ...(connector.authorization?.group !== undefined && { authorizesWithin: connector.authorization.group }),
    reads: kindsOf(connector.reads),
    writes: kindsOf(connector.writes),
    form: connector.installed ? [] : [...formOf(connector.settings)],
  };
}

/** Of an installed connection no setting is shown: the merchant did not enter any. */
export function presentConnection(connection: Connection, connector: Connector): api.Connection {
  const form = connector.installed ? [] : formOf(connector.settings);
  const set = ({ name }: { name: string }): boolean => !isEmpty(connection.settings[name]);
  const shown = form.filter((field) => field.type !== 'secret' && set(field)).map(({ name }) => [name, connection.settings[name]]);
  const { report } = connection;
  return {
    id: connection.id,
    connector: connection.connector,
    title: connection.title,
    state: connection.state,
    ...(connection.cause && { cause: presentCause(connection.cause) }),
    settings: Object.fromEntries(shown),
    secretsSet: form.filter((field) => field.type === 'secret' && set(field)).map(({ name }) => name),
    ...(report && connection.state === 'ok' && { report: presentReport(report, report.at) }),
  };
}

export function presentReport(report: CheckReport, at: Date): api.CheckReport {
  return {
    ok: true,
    at: at.toISOString(),
    summary: report.summary,
    facts: report.facts.map(({ label, value }) => ({ label, value })),
    warnings: report.warnings.map(presentNote),
  };
}

export const failedReport = (cause: Cause, at: Date): api.CheckReport => ({
  ok: false,
  at: at.toISOString(),
  facts: [],
  warnings: [],
  cause: presentCause(cause),
});

export const presentCause = ({ code, message, remedy, params }: Cause): api.Cause => ({ code, message, remedy, params: { ...params } });

export function presentEntry(entry: Entry, now: Date): api.RecordSummary {
  return {
    id: entry.id,
    flow: entry.flow,
    kind: entry.kind,
    sourceId: entry.sourceId,
    ...(entry.number !== undefined && { number: entry.number }),
    state: entry.state,
    working: entry.lease !== undefined && entry.lease.until > now,
    ...(entry.reason !== undefined && { reason: entry.reason }),
    ...(entry.cause && { cause: presentCause(entry.cause) }),
    ...(entry.money && { money: { ...entry.money } }),
    ...(entry.target && { target: { ...entry.target } }),
    attempts: entry.attempts,
    ...(entry.kept && { kept: entry.kept.map((field) => ({ ...field })) }),
    noticedAt: entry.noticedAt.toISOString(),
    ...(entry.settledAt && { settledAt: entry.settledAt.toISOString() }),
    ...(entry.state === 'waiting' && { nextAttemptAt: entry.dueAt.toISOString() }),
  };
}

export function presentAttempt(attempt: Attempt, how: Showing): api.Attempt {
  return {
    number: attempt.number,
    at: attempt.at.toISOString(),
    worker: attempt.worker,
    settingsVersion: attempt.settingsVersion,
    stages: attempt.stages.map(({ stage, at, ms, note }) => ({ stage, at: at.toISOString(), ms, ...(note !== undefined && { note }) })),
    outcome: attempt.outcome,
    ...(attempt.reason !== undefined && { reason: attempt.reason }),
    ...(attempt.cause && { cause: presentCause(attempt.cause) }),
    steps: presentSteps(attempt.steps, attempt.fired, how),
    notes: attempt.notes.map(presentNote),
    ...(attempt.verdict && { verdict: { ok: attempt.verdict.ok, checks: attempt.verdict.checks.map((check) => ({ ...check })) } }),
    ...(attempt.digest !== undefined && { digest: attempt.digest }),
    exchanges: attempt.exchanges.map((exchange) => ({ ...exchange })),
  };
}

export function presentRehearsal(rehearsal: Rehearsal, how: Showing): api.DryRun {
  return {
    recordId: rehearsal.recordId,
    ...(rehearsal.number !== undefined && { number: rehearsal.number }),
    verdict: rehearsal.verdict,
    ...(rehearsal.reason !== undefined && { reason: rehearsal.reason }),
    ...(rehearsal.cause && { cause: presentCause(rehearsal.cause) }),
    ...(rehearsal.money && { money: { ...rehearsal.money } }),
    steps: presentSteps(rehearsal.steps, rehearsal.fired, how),
    notes: rehearsal.notes.map(presentNote),
    ...(rehearsal.working && { working: rehearsal.working.map((line) => ({ ...line })) }),
    digest: rehearsal.digest,
  };
}

/** The texts of the connection's secret settings. */
export function secretsOf(connection: Connection, connector: Connector): string[] {
  return secretFieldsOf(connector.settings)
    .map((name) => connection.settings[name])
    .filter((value) => typeof value === 'string');
}

/** What may not be seen: exact texts of the flow's connections, and people's names where the kind of record holds them. */
interface Showing {
  readonly secrets: readonly string[];
  readonly kind: Kind;
}

/** A field's change stands beside the rule that gave it its value; requests and changes are masked. */
function presentSteps(steps: readonly PlanStep[], fired: readonly FiredRule[], { secrets, kind }: Showing): api.Step[] {
  const about = subjectOf(kind);
  const shown = (field: string, value: unknown): unknown => (about === 'things' ? value : masked(field, value));
  const rules = new Map(fired.map((rule) => [rule.field, rule]));
  const redact = createRedactor(secrets, about);
  return steps.map((step) => ({
    id: step.id,
    action: step.action,
    subject: step.subject,
    ...(step.targetId !== undefined && { targetId: step.targetId }),
    ...(step.reason !== undefined && { reason: step.reason }),
    changes: step.changes.map(({ field, before, after, kept }) => {
      const rule = rules.get(field);
      return {
        field,
        ...(before !== undefined && { before: shown(field, before) }),
        ...(after !== undefined && { after: shown(field, after) }),
        ...(kept && { kept: true }),
        ...(rule && { by: rule.by }),
        ...(rule?.source !== undefined && { source: rule.source }),
      };
    }),
    ...(step.request && { request: { operation: step.request.operation, body: redact(step.request.body) } }),
  }));
}

const redactPersonal = createRedactor([]);

/** Which fields are personal is told by their path; what lies inside a value by its own names. */
function masked(field: string, value: unknown): unknown {
  if (value === null || value === '') return value;
  if (typeof value === 'object') return JSON.parse(redactPersonal(JSON.stringify(value)));
  return isPersonalField(field) ? '•••' : value;
}

const presentNote = ({ code, message, params }: PlanNote): { code: string; message: string; params?: Record<string, string | number> } => ({
  code,
  message,
  ...(params && { params: { ...params } }),
});

const kindsOf = <Kind extends string>(kinds: Partial<Record<Kind, unknown>>): Kind[] => Object.keys(kinds) as Kind[];
const isEmpty = (value: unknown): boolean => value === undefined || value === null || value === '';
