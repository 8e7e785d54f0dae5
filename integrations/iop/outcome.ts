// How the IOP says what came of reaching somebody: words of its own, which may grow without our knowing.

import { z } from 'zod';

export const outcomeWord = z.string().min(1).max(80);
