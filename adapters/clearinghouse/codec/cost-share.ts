import type { AnswerBenefit, AnswerCostShare } from '@heliox/core/billing'

const kinds: ReadonlyMap<string, AnswerCostShare['kind']> = new Map([
  ['A', 'coinsurance'],
  ['B', 'copay'],
  ['C', 'deductible'],
  ['F', 'limitation'],
  ['G', 'out-of-pocket'],
  ['Y', 'spend-down'],
])
const networks: ReadonlyMap<string, AnswerCostShare['network']> = new Map([
  ['Y', 'in'],
  ['N', 'out'],
  ['W', 'both'],
])
const authorizations: ReadonlyMap<string, AnswerCostShare['authorization']> = new Map([
  ['Y', 'required'],
  ['N', 'not-required'],
])
const lifetime = '32'
type Part = 'total' | 'remaining' | 'met'
const part = (eb06: string | undefined): Part => (eb06 === '29' || eb06 === '33' ? 'remaining' : eb06 === '24' ? 'met' : 'total')

/**
 * What the patient pays and what is limited. What is left (EB06 29, 33) or used (24) joins the total that it belongs to: the one with
 * the same kind, level, network, service types, insurance type, plan and message. Where two totals would do, it stands by itself.
 */
export function costSharesOf(benefits: readonly AnswerBenefit[]): AnswerCostShare[] {
  const shares: AnswerCostShare[] = []
  const totals: Stated[] = []
  const parts: Stated[] = []
  for (const benefit of benefits) {
    const kind = kinds.get(benefit.code.code)
    // Turned down by an AAA of its own: it is no answer about this benefit.
    if (kind === undefined || benefit.rejections.length > 0) continue
    const what = part(benefit.period?.code)
    const share = newShare(kind, benefit, what)
    shares.push(share)
    const value = benefit.amount ?? benefit.quantity?.value
    if (value === undefined) continue
    share[what] = value
    if (what === 'total') totals.push({ share, benefit, what })
    else parts.push({ share, benefit, what })
  }
  // Lists that are longer than any plan's are left as they stand, rather than compared each with each.
  if (parts.length === 0 || parts.length * totals.length > comparisonsMax) return shares
  const joined = new Set(parts.filter((one) => join(one, totals)).map(({ share }) => share))
  return shares.filter((share) => !joined.has(share))
}

const comparisonsMax = 250_000

interface Stated {
  share: AnswerCostShare
  benefit: AnswerBenefit
  what: Part
}
function join({ share, benefit, what }: Stated, totals: readonly Stated[]): boolean {
  const ofLifetime = benefit.period?.code === '33'
  const fitting = totals.filter((total) => (total.benefit.period?.code === lifetime) === ofLifetime && areAboutTheSame(total.benefit, benefit))
  const [total] = fitting
  if (fitting.length !== 1 || total === undefined || total.share[what] !== undefined) return false
  total.share[what] = share[what]
  total.share.eb.push(...share.eb)
  return true
}

const newShare = (kind: AnswerCostShare['kind'], benefit: AnswerBenefit, what: Part): AnswerCostShare => ({
  kind,
  level: benefit.level,
  // Absent is not "in": payers that do not tell mean either.
  network: networks.get(benefit.network?.code ?? '') ?? 'unknown',
  serviceTypes: benefit.serviceTypes,
  insuranceType: benefit.insuranceType,
  planText: benefit.planText,
  procedure: benefit.procedure,
  placeOfService: benefit.settings.length === 0 ? [] : benefit.settings.filter((iii) => iii[0] === 'ZZ').map((iii) => iii[1] ?? ''),
  amount: what === 'total' ? benefit.amount : undefined,
  percent: benefit.percent,
  quantity: benefit.quantity,
  total: undefined,
  remaining: undefined,
  met: undefined,
  period: benefit.period,
  authorization: authorizations.get(benefit.authorization?.code ?? '') ?? 'unknown',
  notes: benefit.messages,
  eb: [benefit.eb],
})

const sameCode = (a: { code: string } | undefined, b: { code: string } | undefined): boolean => a?.code === b?.code
const sameList = (a: readonly string[], b: readonly string[]): boolean => a.length === b.length && a.every((one, i) => one === b[i])
const typesOf = (benefit: AnswerBenefit): string[] => [...new Set(benefit.serviceTypes.map((type) => type.code))].sort()

/** Everything that must agree. A message such as "specialist" makes another cost of it. */
function areAboutTheSame(a: AnswerBenefit, b: AnswerBenefit): boolean {
  if (!sameCode(a.code, b.code) || !sameCode(a.level, b.level) || !sameCode(a.network, b.network)) return false
  if (!sameCode(a.insuranceType, b.insuranceType) || a.planText !== b.planText || !sameCode(a.authorization, b.authorization)) return false
  if ((a.amount === undefined) !== (b.amount === undefined)) return false
  if (a.amount === undefined && !sameCode(a.quantity?.qualifier, b.quantity?.qualifier)) return false
  const [p, q] = [a.procedure, b.procedure]
  if (p?.qualifier !== q?.qualifier || p?.code !== q?.code || !sameList(p?.modifiers ?? [], q?.modifiers ?? [])) return false
  if (!sameList(a.messages, b.messages) || !sameList(typesOf(a), typesOf(b))) return false
  return sameList(
    a.settings.map((iii) => iii.join('\n')),
    b.settings.map((iii) => iii.join('\n')),
  )
}
