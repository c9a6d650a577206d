import { createHash } from 'node:crypto'
import { inWindow } from '../calendar/local-time.ts'
import type { PayerMoment } from '../calendar/payer-calendar.ts'
import type { Inquiry } from '../x12/inquiry.ts'
import type { Behaviour } from './behaviours.ts'
import type { Door, Rule } from './scenario.ts'

/** Chooses by rule and counts how often each was used. */
export class Rules {
  #rules: readonly Rule[]
  #used: number[]
  constructor(rules: readonly Rule[]) {
    this.#rules = rules
    this.#used = rules.map(() => 0)
  }

  /** The first rule that fits; undefined: none does. */
  find(inquiry: Inquiry, door: Door, at: Date, moment: PayerMoment): { index: number; behaviour: Behaviour; rule: string } | undefined {
    const index = this.#rules.findIndex((rule, n) => {
      if (rule.times !== undefined && (this.#used[n] ?? 0) >= rule.times) return false
      return fits(rule, inquiry, door, at, moment)
    })
    const rule = this.#rules[index]
    return rule && { index, behaviour: rule.does, rule: rule.name ?? `rules[${index}]` }
  }
  use(index: number): void {
    this.#used[index] = (this.#used[index] ?? 0) + 1
  }
  used(): { rule: string; times: number }[] {
    return this.#rules.map((rule, n) => ({ rule: rule.name ?? `rules[${n}]`, times: this.#used[n] ?? 0 }))
  }
}

function fits({ when, share }: Rule, inquiry: Inquiry, door: Door, at: Date, moment: PayerMoment): boolean {
  if (when.payer !== undefined && !like(when.payer, inquiry.payer.id)) return false
  if (when.member !== undefined && !like(when.member, inquiry.dependent?.id || inquiry.subscriber.id)) return false
  if (when.door !== undefined && when.door !== door) return false
  if (when.holiday !== undefined && when.holiday !== moment.holiday) return false
  if (when.closed !== undefined && when.closed !== moment.closed) return false
  if (when.since !== undefined && at.getTime() < Date.parse(when.since)) return false
  if (when.until !== undefined && at.getTime() >= Date.parse(when.until)) return false
  if (when.from !== undefined && when.to !== undefined) {
    if (!inWindow(moment, { days: when.days, from: when.from, to: when.to })) return false
  } else if (when.days !== undefined && !when.days.includes(moment.weekday)) return false
  return share === undefined || partOf(inquiry.trace.id) < share
}

/** `*` is any text; capitals do not matter. */
export function like(pattern: string, text: string): boolean {
  const parts = pattern.toUpperCase().split('*')
  const upper = text.toUpperCase()
  const [first, last] = [parts[0] ?? '', parts.at(-1) ?? '']
  if (parts.length === 1) return upper === first
  if (!upper.startsWith(first) || !upper.endsWith(last) || upper.length < first.length + last.length) return false
  let at = first.length
  const end = upper.length - last.length
  for (const part of parts.slice(1, -1)) {
    const found = upper.indexOf(part, at)
    if (found < 0 || found + part.length > end) return false
    at = found + part.length
  }
  return true
}

/** 0 to 1, the same for the same trace: a share is repeatable. */
const partOf = (trace: string): number => createHash('sha256').update(trace).digest().readUInt32BE(0) / 0x1_0000_0000
