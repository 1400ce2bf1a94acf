/** The admin that shows us in its frame. */
export interface Host {
  /** It makes the frame as high as its content: what sticks to the lower edge may be out of sight, and behind the page is the admin's own ground. */
  readonly growing: boolean;
  /** Called right after the first paint. Never throws: a host that does not answer must not break the page. */
  shown(): void;
}
