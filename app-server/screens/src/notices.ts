import { ref } from 'vue';

export interface Notice {
  readonly id: number;
  readonly tone: 'positive' | 'critical';
  readonly text: string;
}

/** Short confirmations at the edge of the page; a live region reads them out. */
export const notices = ref<readonly Notice[]>([]);

let last = 0;

export function notify(text: string, tone: Notice['tone'] = 'positive'): void {
  last += 1;
  const notice = { id: last, tone, text };
  notices.value = [...notices.value.slice(-2), notice];
  setTimeout(() => dismiss(notice.id), tone === 'critical' ? 10_000 : 4_000);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}
