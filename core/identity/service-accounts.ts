import { z } from 'zod'

/** What a program may be at a clinic. Each role is for one thing and may do no more (roles.ts). */
export const serviceRoles = ['live'] as const
export type ServiceRole = (typeof serviceRoles)[number]

/** How long an account may last: a forgotten one ends by itself. */
const serviceAccountDaysMax = 400

export const NewServiceAccount = z.strictObject({
  /** What the clinic calls it: `wall display`. */
  name: z.string().trim().min(1).max(60),
  role: z.enum(serviceRoles),
  days: z.int().min(1).max(serviceAccountDaysMax).default(365),
})
