/** What the system says about a refusal may repeat what it was sent: e-mail addresses, what stands in quotes, long numbers. */
export const withoutPeople = (text: string): string =>
  text
    .replace(/[^\s"'<>;:,]+@[^\s"'<>;:,]+/g, '•••')
    .replace(/(["'“‘])[^"'”’]*(["'”’])/g, '$1•••$2')
    .replace(/\+?\d[\d ()/-]{6,}\d/g, '•••')
    .replace(/\s+/g, ' ')
    .trim();
