/** The updates of the ledger as pipelines: whether anything changes is decided where it is stored, in one step. */
import type { Document } from 'mongodb';
import type { Entry, Flow } from '../engine/model.ts';
import type { Ledger, Notice } from '../engine/ports.ts';
import { newId } from './database.ts';
import { type EntryDocument, laneRank, never } from './entry-document.ts';

const rememberedEvents = 40;
export const shownEvents = 20;

export type NoticingInput = {
  flow: { id: string; tenant: string; kind: string };
  number: string | undefined;
  eventId: string | undefined;
  how: Parameters<Ledger['notice']>[2];
};

/** The document that {@link noticing} makes where there is none. */
export function firstOf(flow: Flow, { sourceId, number, eventId }: Notice, { lane, at, by }: NoticingInput['how']): EntryDocument {
  return {
    _id: newId(),
    flow: flow.id,
    sourceId,
    tenant: flow.tenant,
    kind: flow.kind,
    ...(number !== undefined && { number }),
    attempts: 0,
    revision: 0,
    leaseUntil: never,
    strikes: 0,
    noticed: 1,
    lane: laneRank[lane],
    dueAt: at,
    noticedAt: at,
    events: [{ ...(eventId !== undefined && { id: eventId }), at, by }],
    state: 'waiting',
    eventIds: eventId === undefined ? [] : [eventId],
  };
}

/** A pipeline, because whether anything changes depends on whether the event is known: one update, no gap to die in. */
export function noticing({ flow, number, eventId, how }: NoticingInput): Document[] {
  const known = eventId === undefined ? false : { $in: [{ $literal: eventId }, { $ifNull: ['$eventIds', []] }] };
  const unlessKnown = (field: string, fresh: unknown): Document => ({ $cond: [known, `$${field}`, fresh] });
  const wasWaiting = { $eq: ['$state', 'waiting'] };
  const event = { ...(eventId !== undefined && { id: { $literal: eventId } }), at: how.at, by: how.by };
  return [
    {
      $set: {
        _id: { $ifNull: ['$_id', newId()] },
        tenant: { $literal: flow.tenant },
        kind: flow.kind,
        ...(number !== undefined && { number: { $literal: number } }),
        attempts: { $ifNull: ['$attempts', 0] },
        revision: { $ifNull: ['$revision', 0] },
        leaseUntil: { $ifNull: ['$leaseUntil', never] },
        strikes: unlessKnown('strikes', { $cond: [wasWaiting, '$strikes', 0] }),
        noticed: unlessKnown('noticed', { $add: [{ $ifNull: ['$noticed', 0] }, 1] }),
        lane: unlessKnown('lane', { $cond: [wasWaiting, { $min: ['$lane', laneRank[how.lane]] }, laneRank[how.lane]] }),
        dueAt: unlessKnown('dueAt', { $cond: [wasWaiting, '$dueAt', how.at] }),
        noticedAt: unlessKnown('noticedAt', { $cond: [wasWaiting, '$noticedAt', how.at] }),
        events: unlessKnown('events', { $slice: [{ $concatArrays: [{ $ifNull: ['$events', []] }, [event]] }, -shownEvents] }),
        state: unlessKnown('state', 'waiting'),
        // At night the target is looked at as well, also where the source has not changed.
        ...(how.by === 'nightly' && { settledDigest: '$$REMOVE' }),
      },
    },
    // A second stage, so that the first still sees which events were known.
    {
      $set: {
        eventIds:
          eventId === undefined
            ? { $ifNull: ['$eventIds', []] }
            : {
                $cond: [
                  { $in: [{ $literal: eventId }, { $ifNull: ['$eventIds', []] }] },
                  '$eventIds',
                  { $slice: [{ $concatArrays: [{ $ifNull: ['$eventIds', []] }, [{ $literal: eventId }]] }, -rememberedEvents] },
                ],
              },
      },
    },
  ];
}

/** What came in while the record was worked on opens it again; the update itself sees that. */
export function settling(entry: Entry, settlement: Parameters<Ledger['settle']>[1], lease: string): Document[] {
  const again = { $gt: ['$noticed', entry.noticed] };
  const optional = (value: unknown): unknown => (value === undefined ? '$$REMOVE' : { $literal: value });
  const finished = settlement.state === 'done' || settlement.state === 'skipped';
  return [
    {
      $set: {
        state: { $cond: [again, 'waiting', settlement.state] },
        dueAt: { $cond: [again, settlement.at, settlement.dueAt ?? settlement.at] },
        reason: optional(settlement.reason),
        cause: optional(settlement.cause),
        strikes: settlement.strikes,
        revision: settlement.revision,
        settingsVersion: settlement.settingsVersion,
        ...(settlement.number !== undefined && { number: { $literal: settlement.number } }),
        ...(settlement.money && { money: { $literal: settlement.money } }),
        ...(settlement.target && { target: { $literal: settlement.target } }),
        ...(settlement.written && { written: { $literal: settlement.written } }),
        ...(settlement.kept && { kept: settlement.kept.length > 0 ? { $literal: settlement.kept } : '$$REMOVE' }),
        ...(settlement.digest !== undefined && { settledDigest: settlement.digest }),
        ...(settlement.intent === 'closed' && { intent: '$$REMOVE' }),
        ...(settlement.intent === 'answered' && { 'intent.answered': true }),
        ...(settlement.intent === 'open' && { 'intent.until': settlement.at }),
        // What is in the target is reserved there.
        ...(((finished && !settlement.promised) || settlement.target) && { demand: '$$REMOVE' }),
        ...(settlement.state !== 'waiting' && { settledAt: settlement.at }),
        ...(!settlement.counted && { attempts: { $subtract: ['$attempts', 1] } }),
        leaseUntil: never,
        leaseToken: '$$REMOVE',
        settledUnder: lease,
        worker: '$$REMOVE',
        lockKey: '$$REMOVE',
      },
    },
  ];
}
