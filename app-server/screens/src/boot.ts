/** What the server wrote into the page. The ticket lives in memory only: never in storage, never in an address. */
export interface Boot {
  readonly ticket: string;
  /** Which admin shows the frame. */
  readonly host: string;
  readonly language: string;
  /** Origin of the shop as it was registered; the admin may run on another one. */
  readonly hostOrigin?: string;
  readonly colorScheme?: 'light' | 'dark' | null;
  readonly clientId?: string;
  /** Script of the hosting admin that shows the frame and fits its height. */
  readonly appScript?: string | null;
}

/** Undefined when the page was opened without an entrance: by hand, or out of a cache. */
export function readBoot(page: Document): Boot | undefined {
  const tag = page.getElementById('tillbridge');
  if (!tag?.textContent) return undefined;
  try {
    const boot = JSON.parse(tag.textContent) as Boot;
    tag.remove();
    return boot.ticket ? boot : undefined;
  } catch {
    return undefined;
  }
}
