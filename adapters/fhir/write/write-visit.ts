import { setTimeout as sleep } from 'node:timers/promises'
import { type EhrWrittenV2, folded } from '@heliox/core/clinical'
import { type Answer, PartnerFault, type ValueOf } from '@heliox/core/kit'
import { type Capabilities, capabilitiesOf, lackOf, mayUpdate, missingOf } from '../capabilities.ts'
import { lineOf } from '../find-chart/searches.ts'
import { type AnyVisit, fhirTypeOf, identifierOf, type MappedType, type VisitV2, type VisitV3 } from '../mapping/index.ts'
import { searchByIdentifier, tagged } from '../search.ts'
import { type FhirContext, type Refused, writtenTypes } from '../types.ts'
import { stateOf, whoSpeaks } from './appointment-state.ts'
import { faultsSayWhatWasSent } from './before-effect.ts'
import { expectValid } from './expect-valid.ts'
import { look, Refusal, type Seen, strangers } from './look.ts'
import { type Step, stateOfVisit, stepsFor } from './plan.ts'
import { type Sent, sendAlone, sendTogether } from './send.ts'

type Written = ValueOf<typeof EhrWrittenV2>
type WriteAnswerV2 = Answer<Written, Refused>

/** So often may somebody else write the same record between our look and our write. */
const looksMax = 6
const againMs = { least: 40, most: 160 }

/**
 * Read, merge, and write only what differs, tied to the versions that were read; then look again. One at a time for one patient and for
 * everybody who looks like them, over all engines: what a server calls a conditional create lets two at once make two (BEHAVIOR 2).
 */
export const writeVisitV3 = (visit: VisitV3, context: FhirContext): Promise<WriteAnswerV2> =>
  faultsSayWhatWasSent(context, (ctx) => lookAndWrite(visit, withSecond, ctx))
/** The second major knows of one insurance only, and looks for no other. */
export const writeVisitV2 = (visit: VisitV2, context: FhirContext): Promise<WriteAnswerV2> =>
  faultsSayWhatWasSent(context, (ctx) => lookAndWrite(visit, writtenTypes, ctx))

const withSecond: readonly MappedType[] = ['Patient', 'Coverage', 'SecondCoverage', 'Appointment']

async function lookAndWrite(visit: AnyVisit, types: readonly MappedType[], ctx: FhirContext): Promise<WriteAnswerV2> {
  const can = await capabilitiesOf(ctx)
  const writes = typesFor(visit, types, can, ctx)
  const way = wayOf(can, visit, writes, ctx)
  return ctx.locks.serially(await locksFor(visit, ctx), () => refusable(() => untilSaid(visit, writes, way, ctx)))
}

/** What became of a write whose outcome is unknown. All that matters is what is there: what is not, is written as if for the first time. */
export const findVisitV3 = (visit: VisitV3, ctx: FhirContext): Promise<WriteAnswerV2 | 'not-found'> => find(visit, withSecond, ctx)
export const findVisitV2 = (visit: VisitV2, ctx: FhirContext): Promise<WriteAnswerV2 | 'not-found'> => find(visit, writtenTypes, ctx)

async function find(visit: AnyVisit, types: readonly MappedType[], ctx: FhirContext): Promise<WriteAnswerV2 | 'not-found'> {
  const can = await capabilitiesOf(ctx)
  const writes = typesFor(visit, types, can, ctx)
  const way = wayOf(can, visit, writes, ctx)
  return ctx.locks.serially(await locksFor(visit, ctx), () =>
    refusable(async () => {
      const seen = await look(visit, writes, ctx)
      const missing = way.possible(stepsFor(visit, seen, writes, ctx.config))
      ctx.log.info({ missing: missing.map(told) }, 'looked up what the EHR has of this visit')
      return missing.length === 0 ? { is: 'ok', value: writtenOf(visit, seen) } : 'not-found'
    }),
  )
}

const eligibilityTypes = ['CoverageEligibilityRequest', 'CoverageEligibilityResponse'] as const
function typesFor(visit: AnyVisit, types: readonly MappedType[], can: Capabilities, { config, log }: FhirContext): MappedType[] {
  if (!config.writesEligibility || !visit.eligibility) return [...types]
  const known = eligibilityTypes.every((type) => can.of(type).interactions.size > 0)
  if (!known) log.warn({}, 'the EHR has no CoverageEligibilityRequest and -Response: they are left out')
  return known ? [...types, ...eligibilityTypes] : [...types]
}

/** Ids of ours and keyed hashes. A new chart also waits for whoever might be the same person under another id of ours. */
async function locksFor({ patientId, patientRef, familyName, birthDate, phone }: AnyVisit, { locks }: FhirContext): Promise<string[]> {
  const mine = `patient:${patientId}`
  if (patientRef !== null) return [mine, `chart:${await locks.keyOf([patientRef])}`]
  return [mine, `name:${await locks.keyOf([folded(familyName), birthDate])}`, `line:${await locks.keyOf([lineOf(phone), birthDate])}`]
}

/** Looks, and sends what is missing, until the EHR says what the visit says or somebody has to decide. */
async function untilSaid(visit: AnyVisit, writes: readonly MappedType[], way: Way, ctx: FhirContext): Promise<WriteAnswerV2> {
  for (let looks = 1; looks <= looksMax; looks += 1) {
    const seen = await look(visit, writes, ctx)
    const steps = way.possible(stepsFor(visit, seen, writes, ctx.config))
    if (steps.length === 0) return { is: 'ok', value: writtenOf(visit, seen) }
    await expectValid(steps, ctx)
    const sent = await sendTagged(steps, seen, way, ctx)
    if (sent.is === 'refused') {
      ctx.log.warn({ codes: sent.refused.codes, paths: sent.refused.paths }, 'the EHR refused the visit')
      return { is: 'rejected', value: sent.refused }
    }
    if (sent.is === 'done' && !sent.existing) {
      await expectNoDouble(steps, sent.refs, visit, ctx)
      ctx.log.info({ looks, wrote: steps.map(told) }, 'the EHR has the visit')
      return { is: 'ok', value: writtenOf(visit, after(seen, steps, sent.refs)) }
    }
    ctx.log.info({ looks, sent: sent.is }, 'somebody else wrote the same record meanwhile')
    await sleep(againMs.least + looks * Math.random() * (againMs.most - againMs.least), undefined, { signal: ctx.signal }).catch(() => undefined)
  }
  throw new PartnerFault('unavailable', 'Others kept changing the same record in the EHR.', { detail: `${looksMax} times` })
}

/** Never a blind update: each names the version that it was made of, and where that is another one by now, nothing is sent. */
async function sendTagged(steps: readonly Step[], seen: Seen, way: Way, ctx: FhirContext): Promise<Sent> {
  const now: Seen = { ...seen }
  for (const { type, before } of steps) {
    if (!before) continue
    const one = await tagged(ctx, before)
    if (one === 'changed') return { is: 'collided' }
    if (one === 'no-version') throw new Refusal('no-version', [fhirTypeOf(type)])
    Object.assign(now, { [type]: one })
  }
  return way.send(
    steps.map((step) => ({ ...step, before: now[step.type] })),
    now,
  )
}

/** How this server takes a visit. */
interface Way {
  /** Without what it does not take: what cannot be updated there stays as it is. */
  possible(steps: Step[]): Step[]
  send(steps: readonly Step[], seen: Seen): Promise<Sent>
}
function wayOf(can: Capabilities, visit: AnyVisit, writes: readonly MappedType[], ctx: FhirContext): Way {
  const missing = missingOf(can)
  if (missing !== undefined) throw new PartnerFault('contract', `${missing} Nothing can be written there.`, { detail: 'capabilities' })
  const lack = lackOf(can)
  if (lack === undefined) return { possible: (steps) => steps, send: (steps) => sendTogether(steps, ctx) }
  if (ctx.config.withoutTransactions === 'refuse')
    throw new PartnerFault('contract', `${lack} The connection says to write nothing then.`, { detail: 'capabilities' })
  const possible = (steps: Step[]): Step[] => steps.filter(({ type, before }) => !before || mayUpdate(can, fhirTypeOf(type)))
  return { possible, send: (steps, seen) => oneByOne(steps, seen) }

  /** Each sees the ids of those before it. What was begun and then failed is unknown as a whole. */
  async function oneByOne(steps: readonly Step[], seen: Seen): Promise<Sent> {
    const refs: string[] = []
    let now = seen
    for (const { type } of steps) {
      const step = stepsFor(visit, now, writes, ctx.config).find((one) => one.type === type)
      if (!step) throw new Error(`${type} says so already, though nobody wrote it`)
      const sent = await sendAlone(step, can.of(fhirTypeOf(type)), ctx).catch((error: unknown) => {
        throw refs.length > 0 ? begun(error) : error
      })
      if (sent.is !== 'done' || sent.existing) return sent
      refs.push(...sent.refs)
      now = after(now, [step], sent.refs)
    }
    return { is: 'done', refs, existing: false }
  }
}
const begun = (error: unknown): unknown =>
  error instanceof PartnerFault ? new PartnerFault('uncertain', error.message, { detail: `begun; ${error.kind}; ${error.detail ?? ''}`, cause: error }) : error

const told = ({ type, before }: Step): string => `${before ? 'update' : 'create'} ${type}`

/** What is there once the steps are done. */
function after(seen: Seen, steps: readonly Step[], refs: readonly string[]): Seen {
  const written = steps.map(({ type, resource }, i) => {
    const ref = refs[i] ?? ''
    return [type, { ref, resource: { ...resource, id: ref.slice(ref.indexOf('/') + 1) }, etag: undefined }]
  })
  return { ...seen, ...Object.fromEntries(written) }
}

/**
 * The appointment is told only where the chart now says what the visit says. One that was changed there and left alone is no word that both
 * agree on: told as such, the chart's change would be taken for old when it comes in, and written over after that.
 */
function writtenOf(visit: AnyVisit, seen: Seen): Written {
  const { Patient, Coverage, Appointment, CoverageEligibilityRequest, CoverageEligibilityResponse } = seen
  if (!Patient || !Coverage || !Appointment) throw new Error('a visit is a patient, a coverage and an appointment')
  const says = stateOfVisit(visit)
  return {
    ...{ patientRef: Patient.ref, coverageRef: Coverage.ref, appointmentRef: Appointment.ref },
    eligibilityRefs: [CoverageEligibilityRequest, CoverageEligibilityResponse].flatMap((one) => one?.ref ?? []),
    appointment: whoSpeaks(Appointment.resource, says, null) === 'same' ? stateOf(Appointment.resource) : null,
  }
}

/** A server that let somebody else create the same at the same moment has two now: it is written, and a person has to merge them. */
async function expectNoDouble(steps: readonly Step[], refs: readonly string[], visit: AnyVisit, ctx: FhirContext): Promise<void> {
  const created = steps.filter(({ before }) => !before)
  for (const { type } of created) {
    const found = await searchByIdentifier(ctx, fhirTypeOf(type), identifierOf(type, visit, ctx.config))
    if (found.length > 1) throw new Refusal('duplicate-created', [fhirTypeOf(type)])
  }
  if (!created.some(({ type }) => type === 'Patient')) return
  if ((await strangers(visit, ctx)).some((ref) => !refs.includes(ref))) throw new Refusal('duplicate-created', ['Patient'])
}

async function refusable<T>(work: () => Promise<T | WriteAnswerV2>): Promise<T | WriteAnswerV2> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof Refusal) return { is: 'rejected', value: error.refused }
    throw error
  }
}
