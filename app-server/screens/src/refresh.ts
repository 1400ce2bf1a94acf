import { onBeforeUnmount, onMounted } from 'vue';

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
