/** What is remembered of a value that says something about a person: enough to tell that it changed, too little to tell what it was. */
import { createHash } from 'node:crypto';

/** `salt`: something of the record, so that equal values of two people do not look equal. */
export const fingerprint = (salt: string, value: unknown): string =>
  createHash('sha256')
    .update(`${salt}\n${JSON.stringify(value)}`)
    .digest('hex')
    .slice(0, 16);
