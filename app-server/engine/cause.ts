import type { Failure } from '../../connectors/failure.ts';
import type { Cause } from './model.ts';

export function causeOf(failure: Failure): Cause {
  return { code: failure.code, message: failure.message, remedy: failure.remedy, params: failure.params };
}
