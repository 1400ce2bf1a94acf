/** All benchmarks by their name on the command line. */
import { calls } from './calls.ts';
import { catalogue } from './catalogue.ts';
import { idle } from './idle.ts';
import { imports } from './imports.ts';
import { lightspeed } from './lightspeed.ts';
import { mailchimp } from './mailchimp.ts';
import { orders } from './orders.ts';
import { queue } from './queue.ts';
import type { Row } from './result.ts';
import { webhooks } from './webhooks.ts';

export const benchmarks: Readonly<Record<string, () => Promise<Row[]>>> = {
  webhooks,
  orders,
  queue,
  calls,
  catalogue,
  imports,
  mailchimp,
  lightspeed,
  idle,
};
