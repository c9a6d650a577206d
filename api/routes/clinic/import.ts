import { folded } from '@heliox/core/clinical'
import { linkEnd } from '@heliox/core/identity'
import type { BookedBefore } from '@heliox/core/ports'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFacts } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import type { RouteAnswer, RouteInput } from '../../kit/route.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { readCsv } from './csv.ts'
import type { importVisits } from './desk-schemas.ts'
import { importText, type ReadLine, readLine, type Visit } from './import-lines.ts'

type Result = RouteAnswer<typeof importVisits>
type Line = Result['lines'][number]
interface By {
  actor: string
  now: Date
  traceparent: string
  correlationId: string
}

/** Visits out of a file. The dry run and the run read it alike; the run then books line by line, each in its own commit. */
export function makeImport(deps: ApiDeps) {
  const { desk, contacts, messages, audit } = deps

  /** Of these lines, those whose visit is there already, or was called off: by an import, or made by hand for the same patient, hour and clinician. */
  async function bookedBefore(clinic: ClinicFacts, wanted: readonly Visit[], { actor, now }: By): Promise<Map<string, BookedBefore>> {
    const before = await desk.imported(
      clinic.id,
      wanted.map(({ text }) => text),
    )
    const placeOf = ({ startsAt, practitioner }: { startsAt: string; practitioner: string }): string => `${Date.parse(startsAt)} ${folded(practitioner)}`
    const places = new Set(wanted.map(({ details }) => placeOf(details)))
    const moments = [...new Set(wanted.map(({ details }) => Date.parse(details.startsAt)))].map((at) => new Date(at))
    // Opened are only those with the hour and the clinician of a line.
    const near = (await desk.visitsAt(clinic.id, moments)).filter((visit) => places.has(placeOf(visit)))
    if (near.length === 0) return before
    const known = await contacts.read(
      clinic.id,
      near.map(({ visitId }) => visitId),
      'import: is it booked already',
      actor,
      now,
    )
    const texts = new Set(wanted.map(({ text }) => text))
    for (const visit of near) {
      const contact = known.get(visit.visitId)
      const text = contact && importText(visit, contact)
      // One that takes place counts more than one that was called off.
      if (text && texts.has(text) && before.get(text) !== 'there') before.set(text, visit.is)
    }
    return before
  }

  async function book(clinic: ClinicFacts, line: Line, visit: Visit, sendLinks: boolean, { actor, now, traceparent }: By): Promise<Line> {
    const token = newToken()
    const endsAt = new Date(Date.parse(visit.details.startsAt) + visit.details.minutes * 60_000)
    const link = { token, tokenSha256: tokenHash(token), expiresAt: linkEnd(endsAt, now) }
    const outcome = await desk.importVisit(clinic.id, { ...visit, anew: line.is === 'cancelled' }, link, actor, now, traceparent)
    if (outcome.is === 'there' || outcome.is === 'cancelled') return { ...line, is: outcome.is }
    if (outcome.is !== 'booked') throw new Refusal(`schedule-${outcome.is}`)
    if (!sendLinks) return { ...line, is: 'booked' }
    const sent = await messages.send(clinic.id, outcome.intakeId, { kind: 'invitation', channel: 'auto', atOnce: false }, actor, now, traceparent)
    return { ...line, is: 'booked', sent: sent.is !== 'sent' ? 'not-possible' : sent.message.status === 'planned' ? 'waits' : 'on-its-way' }
  }

  return async (clinic: ClinicFacts, body: RouteInput<typeof importVisits>['body'], by: By): Promise<Result> => {
    const file = readCsv(body.text)
    if (file.is === 'refused') return { refused: { problem: file.problem, columns: file.columns }, lines: [], ignored: 0 }
    const read = file.lines.map((line) => readLine(line, clinic, by.now))
    const known = await bookedBefore(
      clinic,
      read.flatMap(({ visit }) => visit ?? []),
      by,
    )
    const seen = new Set<string>()
    const anew = new Set(body.anew)
    const lines: Line[] = []
    try {
      for (const one of read) {
        const line = lineView(one, known, seen)
        const wanted = line.is === 'new' || (line.is === 'cancelled' && anew.has(line.line))
        lines.push(one.visit && wanted && !body.dryRun ? await book(clinic, line, one.visit, body.sendLinks, by) : line)
      }
    } finally {
      // Also when it stopped on the way: what was booked until then stays booked.
      const booked = lines.filter(({ is }) => is === 'booked').length
      const outcome = lines.length === read.length ? 'ok' : 'error'
      const entry = {
        actor: by.actor,
        action: 'visit.import',
        resource: `booked:${booked} of:${read.length}`,
        outcome,
        correlationId: by.correlationId,
      } as const
      if (!body.dryRun) await audit.audit(clinic.id, entry, by.now)
    }
    return { refused: null, lines, ignored: file.ignored }
  }
}

function lineView({ line, visit, problems }: ReadLine, known: ReadonlyMap<string, BookedBefore>, seen: Set<string>): Line {
  const nothing = { line, startsAt: null, practitioner: null, name: null, sent: null }
  if (!visit) return { ...nothing, is: 'wrong', problems }
  const { details, text } = visit
  const before = known.get(text)
  const is = before === 'there' ? before : seen.has(text) ? 'twice' : (before ?? 'new')
  seen.add(text)
  const { givenName, familyName } = details.contact
  return { ...nothing, is, startsAt: details.startsAt, practitioner: details.practitioner, name: `${familyName}, ${givenName}`, problems: [] }
}
