import type { Coverage, Identifier, Reference } from '@medplum/fhirtypes'

/**
 * The second insurance: what the patient says of it, and no payer. So what the clinic's staff say of it in the chart counts, as long as it is about the
 * same policy; and where the patient takes it back, our record of it says so. Nothing is deleted, and no other record is looked at.
 */
const ended: readonly (string | undefined)[] = ['cancelled', 'entered-in-error']

/** The record as it reads once the patient has no second insurance any more; undefined: somebody ended it already. */
export function withdrawn<T extends Coverage>(chart: T, { system, value }: Identifier): T | undefined {
  if (ended.includes(chart.status)) return undefined
  // The mark by which it is known as taken back by the hub, when the patient has it again: what staff ended stays ended.
  const identifier = chart.identifier?.map((i): Identifier => (i.system === system && i.value === value ? { ...i, use: 'old' } : i))
  const record = { ...chart, status: 'entered-in-error' as const, ...(identifier && { identifier }) }
  return record
}
export const isTakenBack = (chart: Coverage, said: Coverage): boolean => said.identifier?.[0] !== undefined && (marked(chart, said.identifier[0]) ?? false)
const marked = ({ identifier }: Coverage, { system, value }: Identifier): boolean | undefined =>
  identifier?.some((i) => i.system === system && i.value === value && i.use === 'old')
/** Ours again, without the mark. */
export const unmarked = (theirs: Identifier[], ours: Identifier[]): Identifier[] =>
  theirs.map((i) => {
    if (i.use !== 'old' || !ours.some(({ system, value }) => i.system === system && i.value === value)) return i
    const { use: _, ...rest } = i
    return rest
  })

/** By the number, and by the payer as far as either side names one. What nobody says differs in nothing. */
export function isSamePolicy(chart: Coverage, said: Coverage): boolean {
  const [theirs, ours] = [numberOf(chart), numberOf(said)]
  if (theirs !== null && ours !== null && theirs !== ours) return false
  const mine = said.payor?.[0]
  const known = chart.payor?.find((p) => isOfOurs(p, said))
  if (known) return known.identifier?.value === mine?.identifier?.value
  const names = chart.payor?.filter(isName) ?? []
  return mine?.identifier !== undefined || names.length === 0 || names.some((p) => sameName(p, mine))
}
const numberOf = ({ subscriberId, identifier }: Coverage): string | null => {
  const number = subscriberId ?? identifier?.find((i) => i.type?.coding?.some(({ code }) => code === 'MB'))?.value
  return number === undefined ? null : number.replace(/[^A-Za-z0-9]/g, '').toUpperCase()
}

/** A payer that the hub named by its own identifier; which system that is, the coverage's own identifier tells. */
export const isOfOurs = (payor: Reference, said: Coverage): boolean => {
  const system = said.identifier?.[0]?.system?.replace(/\/coverage$/, '/payer')
  return system !== undefined && payor.identifier?.system === system
}
/** No link and no number: a mere name. */
export const isName = ({ reference, identifier }: Reference): boolean => reference === undefined && identifier === undefined
export const sameName = (a: Reference, b: Reference | undefined): boolean => plain(a.display) === plain(b?.display)
const plain = (text = ''): string => text.trim().replace(/\s+/g, ' ').toLowerCase()
