/** One pass of a record through the pipeline, as the timeline shows it. */
import type { PlanNote, PlanStep } from '../../connectors/connector.ts';
import type { ExchangeRecord } from '../../connectors/exchange.ts';
import type { FiredRule } from '../../connectors/mapping.ts';
import type { Cause } from './model.ts';
import type { Verdict } from './verify.ts';

export const stages = ['notice', 'claim', 'read', 'map', 'plan', 'apply', 'verify', 'settle'] as const;
export type Stage = (typeof stages)[number];

export interface Attempt {
  readonly number: number;
  readonly at: Date;
  readonly worker: string;
  readonly settingsVersion: number;
  readonly stages: readonly { readonly stage: Stage; readonly at: Date; readonly ms: number; readonly note?: string }[];
  readonly outcome: 'done' | 'skipped' | 'parked' | 'waiting' | 'interrupted';
  readonly reason?: string;
  readonly cause?: Cause;
  readonly steps: readonly PlanStep[];
  readonly fired: readonly FiredRule[];
  readonly notes: readonly PlanNote[];
  readonly verdict?: Verdict;
  readonly digest?: string;
  readonly exchanges: readonly ExchangeRecord[];
}
