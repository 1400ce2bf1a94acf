import { computed, onMounted, type Ref, shallowRef } from 'vue';
import { call, problemOf } from './api.ts';
import { useRefresh } from './refresh.ts';
import type { Flow, ImportRun, Problem, SteerImport } from './shapes.ts';

/** What the merchant starts: the full read at night comes by itself. */
type Steered = ImportRun & { readonly phase: SteerImport['phase'] };

/** An import that was listed to its end may still be carried out. */
export const underWay = (run: ImportRun): boolean => run.state === 'running' || (run.state === 'done' && run.remaining > 0);

export interface Pace {
  readonly carried: number;
  /** Absent while nobody knows how many there are. */
  readonly total?: number;
  readonly perMinute?: number;
  readonly leftMs?: number;
}

/** How far an import is. While the source is still being listed, an earlier look tells how many there will be. */
export function paceOf(run: ImportRun, expected: number | undefined, now: number): Pace {
  const carried = Math.max(0, run.seen - run.remaining);
  const total = run.state === 'done' ? run.seen : expected !== undefined && expected >= run.seen ? expected : undefined;
  const minutes = ((run.endedAt && run.remaining === 0 ? Date.parse(run.endedAt) : now) - Date.parse(run.startedAt)) / 60_000;
  const perMinute = carried > 0 && minutes > 0.05 ? carried / minutes : undefined;
  const left = total !== undefined && perMinute !== undefined ? ((total - carried) / perMinute) * 60_000 : undefined;
  return {
    carried,
    ...(total !== undefined && { total }),
    ...(perMinute !== undefined && { perMinute }),
    ...(left !== undefined && { leftMs: left }),
  };
}

/** The last look and the last import of a flow; asked again every two seconds as long as one of them is under way. */
export function useImports(flow: Readonly<Ref<Flow>>) {
  const runs = shallowRef<readonly ImportRun[]>([]);
  const problem = shallowRef<Problem>();
  const busy = shallowRef<SteerImport>();
  let asked = 0;

  const path = () => `/flows/${encodeURIComponent(flow.value.id)}/imports`;

  /** An answer that was overtaken would show what is no longer so. */
  async function take(answer: Promise<ImportRun[]>): Promise<void> {
    asked += 1;
    const mine = asked;
    const found = await answer;
    if (mine === asked) runs.value = found;
  }

  async function steer(wanted: SteerImport): Promise<void> {
    busy.value = wanted;
    problem.value = undefined;
    try {
      await take(call<ImportRun[]>('POST', path(), wanted));
    } catch (error) {
      problem.value = problemOf(error);
    } finally {
      busy.value = undefined;
    }
  }

  const load = () => take(call<ImportRun[]>('GET', path()));
  onMounted(() => load().catch(() => undefined));
  useRefresh(async () => {
    if (runs.value.some(underWay) && !busy.value) await load();
  }, 2_000);

  const phase = (name: Steered['phase']) => computed(() => runs.value.find((run): run is Steered => run.phase === name));
  const nightly = computed(() => runs.value.find((run) => run.phase === 'nightly'));
  return { preview: phase('preview'), import: phase('import'), nightly, problem, busy, steer };
}
