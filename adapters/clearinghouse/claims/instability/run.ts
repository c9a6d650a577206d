import { emptyHealth, fittedNumbers, judge, learn, learnCanary, type PlausibilityNumbers as Numbers, type PayerHealth } from '@heliox/core/billing'
import { Asking, type Told } from './asking.ts'
import type { Check, Year } from './script.ts'
import { calendarOf, type Member, type ScriptedPayer, unknownCalendar } from './world.ts'

export interface Counts {
  checks: number
  answers: number
  /** Answers of something that did not look the member up, and those of them that were not believed. */
  lies: number
  caught: number
  /** Answers of the payer, and those of them that were not believed all the same. */
  truths: number
  doubted: number
  /** Lies that a patient would have been told as a confirmed "active". */
  confirmed: number
  /** Lies after the first twenty answers of their closure, and those of them that were not believed. */
  lateLies: number
  lateCaught: number
  /** False answers about the canary; and yeses of that payer believed between one and its next clean one. */
  canaryFalse: number
  confirmedBetween: number
}
export const none: Counts = {
  checks: 0,
  answers: 0,
  lies: 0,
  caught: 0,
  truths: 0,
  doubted: 0,
  confirmed: 0,
  lateLies: 0,
  lateCaught: 0,
  canaryFalse: 0,
  confirmedBetween: 0,
}
export const added = (a: Counts, b: Counts): Counts =>
  Object.fromEntries(Object.keys(none).map((key) => [key, a[key as keyof Counts] + b[key as keyof Counts]])) as unknown as Counts

export interface RunOptions {
  calendar: 'known' | 'withheld'
  /** Ask about a member that does not exist so often; undefined: never. */
  canaryEveryMinutes?: number
  numbers?: Numbers
}

const closureAnswers = 20
const closureGapMs = 6 * 3_600_000
/** The same invented member each time. */
const canary: Member = { memberId: 'UNKNOWN7700001', givenName: 'NOBODY', familyName: 'AT ALL', birthDate: '1901-01-01', payerSex: 'F' }

interface State {
  health: PayerHealth
  canaryDueMs: number
  /** From a canary's false active on, until its next clean answer: told by the canaries themselves, not by the rules. */
  isCanaryFalse: boolean
  closure: { lastMs: number; answers: number }
}

/** Plays a year and judges every answer of it in its order, by the rules that the engine has. */
export function play(year: Year, options: RunOptions): Counts {
  const asking = new Asking(year.scenario)
  const counts = { ...none }
  const states = new Map<string, State>(
    year.payers.map(({ id }) => [id, { health: emptyHealth, canaryDueMs: 0, isCanaryFalse: false, closure: { lastMs: 0, answers: 0 } }]),
  )
  for (const check of year.checks) {
    const state = states.get(check.payer.id)
    if (!state) throw new Error('a payer without a state')
    counts.checks += 1
    if (options.canaryEveryMinutes !== undefined) askCanary(asking, check, state, counts, options.canaryEveryMinutes)
    const told = asking.ask(check.payer, check.member, check.at, { ofTruth: check.latencyMs, ofLie: check.lieLatencyMs })
    if (told) count(told, check, state, counts, options)
  }
  return counts
}

function count(told: Told, check: Check, state: State, counts: Counts, { calendar, numbers = fittedNumbers }: RunOptions): void {
  const { seen, isLie, verdict } = told
  const payer = { calendar: calendarFor(check.payer, calendar) }
  const suspicions = judge(seen, state.health, payer, check.at, numbers)
  state.health = learn(seen, suspicions, state.health, payer, check.at, numbers)
  const believed = suspicions.length === 0
  const isYes = verdict === 'active' || verdict === 'mixed'
  counts.answers += 1
  if (state.isCanaryFalse && believed && isYes) counts.confirmedBetween += 1
  if (!isLie) {
    counts.truths += 1
    if (!believed) counts.doubted += 1
  } else {
    counts.lies += 1
    if (!believed) counts.caught += 1
    if (believed && isYes) counts.confirmed += 1
  }
  if (!check.closed) return
  const { closure } = state
  const atMs = check.at.getTime()
  if (atMs - closure.lastMs > closureGapMs) closure.answers = 0
  closure.lastMs = atMs
  closure.answers += 1
  if (!isLie || closure.answers <= closureAnswers) return
  counts.lateLies += 1
  if (!believed) counts.lateCaught += 1
}

const calendars = new Map<string, ReturnType<typeof calendarOf>>()
function calendarFor(payer: ScriptedPayer, which: 'known' | 'withheld') {
  const name = `${which} ${JSON.stringify(payer)}`
  const made = calendars.get(name) ?? (which === 'known' ? calendarOf(payer) : unknownCalendar(payer))
  calendars.set(name, made)
  return made
}

/** Every so many minutes up to this check, as the engine's loop would: the ones in between count too. */
function askCanary(asking: Asking, check: Check, state: State, counts: Counts, everyMinutes: number): void {
  const everyMs = everyMinutes * 60_000
  const untilMs = check.at.getTime()
  // Where nothing was asked for days, only the last of them can matter for what comes now.
  state.canaryDueMs = Math.max(state.canaryDueMs, untilMs - (untilMs % everyMs) - 2 * everyMs)
  for (; state.canaryDueMs <= untilMs; state.canaryDueMs += everyMs) {
    const at = new Date(state.canaryDueMs)
    const told = asking.ask(check.payer, canary, at, { ofTruth: check.latencyMs, ofLie: check.lieLatencyMs }, 'inactive')
    if (!told) continue
    state.health = learnCanary('inactive', told.verdict, state.health, at)
    if (told.verdict === 'active' || told.verdict === 'mixed') {
      counts.canaryFalse += 1
      state.isCanaryFalse = true
    } else if (told.verdict !== 'unknown') state.isCanaryFalse = false
  }
}
