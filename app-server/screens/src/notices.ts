import { shallowRef } from 'vue';

export interface Notice {
  readonly id: number;
  readonly text: string;
}

const shownMs = 4_000;

/** A short confirmation at the edge of the page; a live region reads it out. The next one takes its place. */
export const notice = shallowRef<Notice>();

let last = 0;
let timer: ReturnType<typeof setTimeout> | undefined;

export function notify(text: string): void {
  last += 1;
  notice.value = { id: last, text };
  clearTimeout(timer);
  timer = setTimeout(dismiss, shownMs);
}

export function dismiss(): void {
  clearTimeout(timer);
  notice.value = undefined;
}
