import { z } from 'zod'
import { eligibilityRoutes } from '../billing/asking.ts'
import { IsoDate, PayerSex, Text } from '../kit/index.ts'
import { AnswerAges } from './answer-ages.ts'
import { PayerCalendar } from './calendar.ts'

/**
 * A member whose answer is known, asked about now and then to see whether the payer can be believed: one that does not exist
 * (`inactive`), or one that the payer agreed always to know (`active`). Never a patient.
 */
export const Canary = z.object({
  known: z.enum(['active', 'inactive']),
  memberId: z.string().min(2).max(30),
  givenName: Text(35),
  familyName: Text(60),
  birthDate: IsoDate,
  payerSex: PayerSex,
})
export type Canary = z.output<typeof Canary>
export type CanaryKind = Canary['known']

/** What a clinic says of a payer, or the catalogue does for all clinics. What is left out is the catalogue's; there, the default. */
export const PayerSettings = z.strictObject({
  route: z.enum(eligibilityRoutes).optional(),
  /** In place of the catalogue's, as a whole: two calendars laid over each other are nobody's. */
  calendar: PayerCalendar.optional(),
  ages: AnswerAges.optional(),
  /** At most one of each kind. Empty: none is asked about. */
  canaries: z
    .array(Canary)
    .max(2)
    .refine((canaries) => new Set(canaries.map((canary) => canary.known)).size === canaries.length, { error: 'one canary of each kind' })
    .optional(),
  canaryEveryMinutes: z.int().min(5).max(10_080).optional(),
})
export type PayerSettings = z.output<typeof PayerSettings>
/** All of it, as it counts for one clinic. */
export type PayerRules = Required<PayerSettings>

const canaryEveryMinutesDefault = 60

/** The clinic's own values over the catalogue's. */
export function payerRules(catalogue: PayerSettings & { route: PayerRules['route']; calendar: PayerCalendar }, own: PayerSettings): PayerRules {
  return {
    route: own.route ?? catalogue.route,
    calendar: own.calendar ?? catalogue.calendar,
    ages: own.ages ?? catalogue.ages ?? AnswerAges.parse({}),
    canaries: own.canaries ?? catalogue.canaries ?? [],
    canaryEveryMinutes: own.canaryEveryMinutes ?? catalogue.canaryEveryMinutes ?? canaryEveryMinutesDefault,
  }
}
