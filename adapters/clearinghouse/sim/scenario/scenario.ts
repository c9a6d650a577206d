import { z } from 'zod'
import { localTime, weekdays } from '../calendar/local-time.ts'
import { Behaviour } from './behaviours.ts'

const rulesMax = 500
const Iso = z.iso.datetime({ offset: true })
const Day = z.iso.date()
const HourMinute = z.string().regex(/^([01]\d:[0-5]\d|2[0-3]:[0-5]\d|24:00)$/, 'must be HH:MM, 00:00 to 24:00')
const Pattern = z.string().min(1).max(80)
const Days = z.array(z.enum(weekdays)).min(1).max(7)
const Zone = z.string().refine((zone) => {
  try {
    return localTime(new Date(0), zone) !== undefined
  } catch {
    return false
  }
}, 'is no IANA time zone')
const PayerId = z.string().regex(/^[0-9A-Z]{2,40}$/, 'must be 2 to 40 capital letters or digits')
const doors = ['real-time', 'batch'] as const
export type Door = (typeof doors)[number]

export const ClockChange = z.strictObject({
  now: Iso.optional(),
  speed: z.number('must be a number').min(0.001).max(100_000).optional(),
  frozen: z.boolean().optional(),
})
const PayerSetting = z.strictObject({
  name: z.string().min(1).max(60).optional(),
  timeZone: Zone.optional(),
  doors: z.array(z.enum(doors)).max(2).optional(),
  holidays: z.enum(['us-federal', 'none']).optional(),
  alsoHolidays: z.array(Day).max(400).optional(),
  closedOnHolidays: z.boolean().optional(),
  maintenance: z
    .array(z.strictObject({ days: Days.optional(), from: HourMinute, to: HourMinute }))
    .max(50)
    .optional(),
  whenClosed: z.enum(['unable-now', 'silence', 'outage']).optional(),
})
const AfterMs = z
  .number()
  .min(0)
  .max(30 * 86_400_000)
const BatchSetting = z.strictObject({
  ta1: z.enum(['always', 'on-error', 'asked']).default('always'),
  ta1AfterMs: AfterMs.default(200),
  ackAfterMs: AfterMs.default(500),
  answerAfterMs: AfterMs.default(2_000),
  answersPerFile: z.int().min(1).max(10_000).default(100),
  order: z.enum(['as-sent', 'reversed']).default('as-sent'),
})
const Delimiter = z.string().regex(/^[^A-Za-z0-9 ]$/s, 'must be one character, no letter, digit or blank')
const Format = z
  .strictObject({
    element: Delimiter.default('*'),
    component: Delimiter.default(':'),
    repetition: Delimiter.default('^'),
    terminator: Delimiter.default('~'),
    lineBreaks: z.boolean().default(true),
  })
  .refine((f) => new Set([f.element, f.component, f.repetition, f.terminator]).size === 4, 'delimiters must differ')
const Times = z.union([z.boolean(), z.int().min(0).max(1_000_000)])
export const SftpFaults = z.strictObject({
  refuseRename: Times.optional(),
  refuseRemove: Times.optional(),
  disconnect: z.strictObject({ afterBytes: z.int().min(0).max(1_000_000_000), times: z.int().min(1).max(1_000_000).default(1) }).optional(),
  slowMs: z.int().min(0).max(60_000).optional(),
})
const When = z.strictObject({
  payer: Pattern.optional(),
  member: Pattern.optional(),
  door: z.enum(doors).optional(),
  days: Days.optional(),
  holiday: z.boolean().optional(),
  closed: z.boolean().optional(),
  from: HourMinute.optional(),
  to: HourMinute.optional(),
  since: Iso.optional(),
  until: Iso.optional(),
})
const Rule = z
  .strictObject({
    name: z.string().max(120).optional(),
    when: When.default({}),
    times: z.int().min(1).max(1_000_000).optional(),
    share: z.number().gt(0).max(1).optional(),
    does: Behaviour,
  })
  .refine(({ when }) => (when.from === undefined) === (when.to === undefined), { path: ['when'], message: 'from and to go together' })

export const Scenario = z.strictObject({
  name: z.string().max(120).optional(),
  about: z.string().max(2_000).optional(),
  clock: ClockChange.optional(),
  payers: z.record(PayerId, PayerSetting).default({}),
  batch: BatchSetting.prefault({}),
  format: Format.optional(),
  sftp: SftpFaults.optional(),
  rules: z.array(Rule).max(rulesMax).default([]),
})
export type Scenario = z.output<typeof Scenario>
export type Rule = z.output<typeof Rule>
export type PayerSetting = z.output<typeof PayerSetting>
export type SftpFaults = z.output<typeof SftpFaults>

/** The thing, or what is wrong with it: one line for each place, `rules[0].then.code: must be …`. */
export function checked<S extends z.ZodType>(schema: S, value: unknown): { ok: z.output<S> } | { problems: string[] } {
  const result = schema.safeParse(value)
  if (result.success) return { ok: result.data }
  return { problems: result.error.issues.map((issue) => `${z.core.toDotPath(issue.path) || 'scenario'}: ${issue.message}`) }
}
