/** The admin that shows us in its frame. */
export interface Host {
  /** Called right after the first paint. Never throws: a host that does not answer must not break the page. */
  shown(): void;
}
