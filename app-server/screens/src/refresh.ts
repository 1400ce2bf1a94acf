import { onBeforeUnmount, onMounted, ref, type ShallowRef, shallowRef } from 'vue';
import { problemOf } from './api.ts';
import type { Problem } from './shapes.ts';

/** What the server says, read when the page opens and every so many milliseconds after, or why it cannot be read. */
export function useLive<T>(read: () => Promise<T>, everyMs: number) {
  const live: ShallowRef<T | undefined> = shallowRef();
  const problem = ref<Problem>();

  async function load(): Promise<void> {
    try {
      live.value = await read();
      problem.value = undefined;
    } catch (error) {
      problem.value = problemOf(error);
    }
  }

  onMounted(load);
  useRefresh(load, everyMs);
  return { live, problem, load };
}

/** Repeats `load` every so many milliseconds while the page is seen: a hidden tab asks for nothing, a shown one asks at once. */
export function useRefresh(load: () => Promise<unknown>, everyMs: number): void {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let gone = false;

  const next = () => {
    clearTimeout(timer);
    if (!gone && document.visibilityState === 'visible') timer = setTimeout(run, everyMs);
  };
  const run = () => {
    void load()
      .catch(() => undefined)
      .then(next);
  };
  const seen = () => {
    if (document.visibilityState === 'visible') run();
    else clearTimeout(timer);
  };

  onMounted(() => {
    document.addEventListener('visibilitychange', seen);
    next();
  });
  onBeforeUnmount(() => {
    gone = true;
    clearTimeout(timer);
    document.removeEventListener('visibilitychange', seen);
  });
}
