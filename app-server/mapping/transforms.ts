import { Failure } from '../../connectors/failure.ts';
import type { Transform } from '../../connectors/mapping.ts';

/** Applies one named, pure transform. An input that it cannot take stops the record: nothing passes silently. */
export function transformed(value: unknown, transform: Transform, field: string): unknown {
  switch (transform) {
    case 'trim':
      return String(value).trim();
    case 'upper':
      return String(value).toUpperCase();
    case 'lower':
      return String(value).toLowerCase();
    case 'text':
      return String(value);
    case 'digits': {
      const digits = String(value).replaceAll(/\D/g, '');
      if (digits === '') throw unusable(field, value, 'has no digits');
      return digits;
    }
    case 'number': {
      const number = typeof value === 'string' && value.trim() === '' ? Number.NaN : Number(value);
      if (!Number.isFinite(number)) throw unusable(field, value, 'is not a number');
      return number;
    }
  }
}

function unusable(field: string, value: unknown, why: string): Failure {
  return new Failure({
    remedy: 'fix-data',
    code: 'mapping.value-unusable',
    message: `The value for ${field} ${why}: ${JSON.stringify(value)}. Correct it in the shop or add it to the table.`,
    params: { field, value: String(value) },
  });
}
