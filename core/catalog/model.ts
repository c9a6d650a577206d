import { z } from 'zod'
import { Text } from '../kit/index.ts'

/** A payer a patient can pick. */
export const Payer = z.object({ id: z.string().min(2).max(40), name: Text(60), timeZone: z.string().max(40) })
export type Payer = z.output<typeof Payer>
