import { isHoliday } from '../../catalog/calendar.ts'
import { localTime, weekdayOf } from '../../catalog/local-time.ts'
import { type PayerHealth, toldMax } from './health.ts'
import { fitted, type Numbers } from './numbers.ts'
import { subjectKey } from './same-body.ts'
import type { Detector, JudgedPayer, SeenSigns } from './seen.ts'

/**
 * A payer that suddenly says yes (or no) to nearly everybody. The usual share is that of the trailing weeks on the same kind of day, as a
 * beta-binomial estimate; a CUSUM of each answer's log-likelihood ratio says how unlike it the last answers are (Page, 1954).
 *
 * The sum counts members, not answers. Whoever is doubted is asked about again, by us, and a payer that is right says the same again: if that
 * counted, a doubt would live on its own questions. So the same word about the same member moves nothing a second time, to neither side: it raises
 * no sum, and while the sum speaks it lets none fade either, since a lie that is only repeated has not become truer. Other members end a doubt, a
 * word that changed, and a canary that is answered right (`learnCanary`).
 */

type DayKind = keyof PayerHealth['weeks']
const dayMs = 86_400_000
/** The payer's own day, counted from 1970, and what kind of day it is. */
export function dayOf({ calendar }: JudgedPayer, now: Date): { day: number; week: number; kind: DayKind } {
  const { date } = localTime(now, calendar.timeZone)
  const day = Math.floor(Date.parse(`${date}T00:00:00Z`) / dayMs)
  return { day, week: Math.floor(day / 7), kind: weekdayOf(date) % 6 === 0 || isHoliday(calendar, date) ? 'free' : 'work' }
}

/** How many answers the other kind of day and the whole stand for where this kind has few. */
const priorAnswers = 20
const weeksBack = 8
/**
 * Only so that no logarithm is taken of nothing. A bound that a payer can really reach would doubt it for ever: at a usual share of 0.99 taken as
 * 0.97 the sum rises with every patient. Where nearly all are members a run of yeses tells nothing, and the estimate says so by itself.
 */
const shareMin = 0.001
const shareMax = 0.999

/** The usual share of yeses; undefined while too little is known. */
function usualShare(health: PayerHealth, { week, kind }: ReturnType<typeof dayOf>, numbers: Numbers): number | undefined {
  const sum = (weeks: PayerHealth['weeks']['work']) => {
    const trailing = weeks.filter((one) => one.week >= week - weeksBack && one.week <= week)
    return { yes: trailing.reduce((all, one) => all + one.yes, 0), no: trailing.reduce((all, one) => all + one.no, 0) }
  }
  const [work, free] = [sum(health.weeks.work), sum(health.weeks.free)]
  const answers = work.yes + work.no + free.yes + free.no
  if (answers < numbers.rateAnswersMin) return undefined
  const overall = (work.yes + free.yes + 1) / (answers + 2)
  const same = kind === 'work' ? work : free
  const share = (same.yes + priorAnswers * overall) / (same.yes + same.no + priorAnswers)
  return Math.min(shareMax, Math.max(shareMin, share))
}

const hourMs = 3_600_000
const hourOf = (now: Date): number => Math.floor(now.getTime() / hourMs)
/** Whether this payer said just this about this member not long ago. Of a file nobody can tell. */
export function saysAgain({ says, subject }: Pick<SeenSigns, 'says' | 'subject'>, { told }: PayerHealth, now: Date, numbers: Numbers = fitted): boolean {
  if (subject === null) return false
  const oldest = hourOf(now) - numbers.rateAgainHours
  return told?.some(([whom, said, hour]) => whom === subjectKey(subject) && said === says && hour > oldest) ?? false
}
/** Who moved the sum, and when. The first time of one word counts: a payer that is asked every hour for days is heard once in a while. */
export function toldAfter(signs: SeenSigns, health: PayerHealth, now: Date, numbers: Numbers = fitted): PayerHealth['told'] {
  const { says, subject } = signs
  const told = health.told ?? []
  if (says === 'neither' || subject === null || saysAgain(signs, health, now, numbers)) return told
  const others = told.filter(([whom]) => whom !== subjectKey(subject))
  return [...others.slice(-(toldMax - 1)), [subjectKey(subject), says, hourOf(now)]]
}

export interface Run {
  up: number
  down: number
}
/** It says enough by itself. */
export const speaks = ({ up, down }: Run): boolean => Math.max(up, down) >= 1

/** The sums after this answer, in parts of what is enough. Both zero while too little is known. */
export function runAfter(signs: Pick<SeenSigns, 'says' | 'subject'>, health: PayerHealth, payer: JudgedPayer, now: Date, numbers: Numbers = fitted): Run {
  const share = usualShare(health, dayOf(payer, now), numbers)
  if (share === undefined) return { up: 0, down: 0 }
  const hours = health.run ? Math.max(0, now.getTime() - Date.parse(health.run.at)) / hourMs : 0
  const kept = 0.5 ** (hours / numbers.rateHalfLifeHours)
  const before = { up: (health.run?.up ?? 0) * kept, down: (health.run?.down ?? 0) * kept }
  if (signs.says === 'neither') return before
  if (saysAgain(signs, health, now, numbers)) return health.run && speaks(health.run) ? { up: health.run.up, down: health.run.down } : before
  const step = (lying: number): number => (signs.says === 'yes' ? Math.log(lying / share) : Math.log((1 - lying) / (1 - share)))
  const after = (sum: number, lying: number, enough: number): number => Math.min(numbers.rateCap, Math.max(0, sum + step(lying) / enough))
  return {
    up: after(before.up, share + numbers.rateLie * (1 - share), numbers.rateUp),
    down: after(before.down, share * (1 - numbers.rateLie), numbers.rateDown),
  }
}

export const activeRate: Detector = ({ signs }, health, payer, now, numbers) => {
  if (signs.says === 'neither' || signs.canary !== undefined) return 0
  const { up, down } = runAfter(signs, health, payer, now, numbers)
  return Math.min(1, signs.says === 'yes' ? up : down)
}
