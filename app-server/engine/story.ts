/** Collects what happens to one record in one attempt, for its timeline. */
import type { Plan, PlanNote } from '../../connectors/connector.ts';
import type { ExchangeRecord } from '../../connectors/exchange.ts';
import type { FiredRule } from '../../connectors/mapping.ts';
import type { Attempt, Stage } from './attempt.ts';
import type { Entry } from './model.ts';
import type { Clock } from './ports.ts';
import type { Verdict } from './verify.ts';

export interface Story {
  readonly entry: Entry;
  readonly exchanges: ExchangeRecord[];
  stage(stage: Stage, since: number, note?: string): void;
  plan: Plan | undefined;
  fired: readonly FiredRule[];
  /** What the mapping wants a person to know. */
  notes: readonly PlanNote[];
  verdict: Verdict | undefined;
  digest: string | undefined;
  tell(end: Pick<Attempt, 'outcome' | 'reason' | 'cause'>, how: { worker: string; settingsVersion: number }): Attempt;
}

export function startStory(entry: Entry, clock: Clock): Story {
  const startedAt = clock.now();
  const stages: Attempt['stages'][number][] = [
    { stage: 'notice', at: entry.noticedAt, ms: 0, note: entry.events.at(-1)?.by ?? 'poll' },
    { stage: 'claim', at: startedAt, ms: 0, ...(entry.intent && { note: 'resumes an interrupted attempt' }) },
  ];
  const story: Story = {
    entry,
    exchanges: [],
    plan: undefined,
    fired: [],
    notes: [],
    verdict: undefined,
    digest: undefined,
    stage(stage, since, note) {
      const at = clock.now();
      stages.push({ stage, at, ms: Math.max(0, at.getTime() - since), ...(note !== undefined && { note }) });
    },
    tell(end, how) {
      story.stage('settle', clock.now().getTime(), end.reason ?? end.outcome);
      return {
        number: entry.attempts,
        at: startedAt,
        worker: how.worker,
        settingsVersion: how.settingsVersion,
        stages,
        ...end,
        steps: story.plan?.steps ?? [],
        fired: story.fired,
        notes: [...story.notes, ...(story.plan?.notes ?? [])],
        ...(story.verdict && { verdict: story.verdict }),
        ...(story.digest !== undefined && { digest: story.digest }),
        exchanges: story.exchanges,
      };
    },
  };
  return story;
}
