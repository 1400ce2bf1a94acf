import { z } from 'zod';

export const ById = z.object({ id: z.string().min(1).max(100) });
