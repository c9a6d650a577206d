import { type ChartCandidates, type ChartFound, type ChartQuery, folded } from '@heliox/core/clinical'
import { type Answer, MustChoose, type ValueOf } from '@heliox/core/kit'
import type { Patient } from '@medplum/fhirtypes'
import { identifierOf } from '../mapping/index.ts'
import { identifiersOf, type Read, read, searchByIdentifier } from '../search.ts'
import type { FhirContext, Refused } from '../types.ts'
import { candidateOf } from './candidate.ts'
import { replacedBy, survivorOf } from './merged.ts'
import { candidatesMax, type Hit, looksLike } from './searches.ts'

type Query = ValueOf<typeof ChartQuery>
type ChartAnswer = Answer<ChartFound, Refused>

const found = (patientRef: string | null, how: ChartFound['how']): ChartAnswer => ({ is: 'ok', value: { patientRef, how, notRefs: [] } })

/**
 * Whose chart? The one that the visit names, or that carries our identifier: nobody has to be asked. Everybody else is found by
 * demographics, and those never decide: twins share a birth date and a family name, families a phone. A person chooses (H-3).
 */
export async function findChart(query: Query, ctx: FhirContext): Promise<ChartAnswer> {
  const ours = identifierOf('Patient', query, ctx.config)
  const doubtful: Read<Patient>[] = []
  if (query.knownRef !== null) {
    const known = await read<Patient>(ctx, 'Patient', query.knownRef)
    if (known !== 'gone') {
      const vouched = identifiersOf(known.resource).some(({ system, value }) => system === ours.system && value === ours.value)
      if (replacedBy(known.resource) === undefined && (vouched || !mayBeSomebodyElse(known.resource, query))) return found(known.ref, 'known')
      doubtful.push(known)
    }
  } else {
    const carrying = await searchByIdentifier<Patient>(ctx, 'Patient', ours)
    // Staff said that it is not this patient's: whatever is written now would go there again, or leave our identifier on two.
    if (carrying.some(({ ref }) => query.forgottenRefs.includes(ref))) return { is: 'rejected', value: { codes: ['chart-forgotten'], paths: ['Patient'] } }
    const [one, ...others] = carrying
    if (one && others.length === 0 && replacedBy(one.resource) === undefined) return found(one.ref, 'our-identifier')
    if (one) doubtful.push(one, ...others)
  }

  const { hits, more } = await looksLike(query, ctx, ['name-and-birth-date', 'birth-date-and-phone', 'phone'])
  const candidates = await standing([...doubtful.map((chart): Hit => ({ chart, foundBy: [] })), ...hits], ctx)
  ctx.log.info({ candidates: candidates.length, more, named: query.knownRef !== null, doubtful: doubtful.length }, 'looked for the chart')
  if (candidates.length > 0) throw new MustChoose(optionsOf(candidates, more))
  // A chart that was named is not there, and nobody looks like the patient: whether to make a new one is for whoever named it.
  if (query.knownRef !== null) return { is: 'rejected', value: { codes: ['chart-gone'], paths: [] } }
  return found(null, 'nobody')
}

/**
 * Another birth date, another family name or no first name alike: whoever typed the number of this chart may have typed another one's, most
 * likely that of a parent, a spouse or a twin. Who married since, or is Liz there, is confirmed once, and carries our identifier from then on.
 */
function mayBeSomebodyElse({ birthDate, name }: Patient, query: Query): boolean {
  if (birthDate !== undefined && birthDate !== query.birthDate) return true
  const families = (name ?? []).map(({ family }) => folded(family ?? '')).filter((family) => family !== '')
  if (families.length > 0 && !families.includes(folded(query.familyName))) return true
  const firstNames = (name ?? []).map(({ given = [] }) => folded(given.join(' '))).filter((given) => given !== '')
  return firstNames.length > 0 && !firstNames.some((given) => isAlike(given, folded(query.givenName)))
}
/** Mary Ann and Maryann, Jean and Jean-Luc. A second name alone makes nobody alike: twins may share it. */
function isAlike(a: string, b: string): boolean {
  const [mine, theirs] = [a.split(' '), b.split(' ')]
  return mine.join('') === theirs.join('') || theirs.includes(mine[0] ?? '') || mine.includes(theirs[0] ?? '')
}

/** Each chart that is still one of its own, once; those that were merged are shown as what they became. */
async function standing(hits: readonly Hit[], ctx: FhirContext): Promise<Hit[]> {
  const charts = new Map<string, Hit>()
  for (const { chart, foundBy } of hits) {
    const survivor = await survivorOf(chart, ctx)
    if (!survivor) continue
    const known = charts.get(survivor.ref)
    charts.set(survivor.ref, { chart: survivor, foundBy: [...new Set([...(known?.foundBy ?? []), ...foundBy])] })
  }
  return [...charts.values()]
}

/** Those that were named first, then whoever was found by most; the rest in the order of their references, so that it is always the same. */
function optionsOf(hits: readonly Hit[], more: boolean): ChartCandidates {
  const rank = ({ foundBy }: Hit): number => (foundBy.length === 0 ? -1 : 3 - foundBy.length)
  const sorted = [...hits].sort((a, b) => rank(a) - rank(b) || (a.chart.ref < b.chart.ref ? -1 : 1))
  return { candidates: sorted.slice(0, candidatesMax).map(candidateOf), more: more || sorted.length > candidatesMax }
}
