import { createHash } from 'node:crypto';
import type { Plan } from '../../connectors/connector.ts';

/** SHA-256 over the exact requests of a plan in their order: the dry run's digest is the live run's. */
export function digestOfPlan(plan: Plan): string {
  const hash = createHash('sha256');
  for (const step of plan.steps) {
    if (step.request) hash.update(`${step.request.operation}\0${step.request.body}\0`);
  }
  return hash.digest('hex');
}
