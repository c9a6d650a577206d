import { linkEnd } from '@heliox/core/identity'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFacts } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import type { RouteAnswer, RouteInput } from '../../kit/route.ts'
import { newToken, tokenHash } from '../../kit/token.ts'
import { readCsv } from './csv.ts'
import { dayRowsMax, type importVisits } from './desk-schemas.ts'
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

  /** Of these lines, those whose visit is there already: by an import, or made by hand for the same patient, hour and clinician. */
  async function there(clinic: ClinicFacts, wanted: readonly Visit[], { actor, now }: By): Promise<Set<string>> {
    const texts = wanted.map(({ text }) => text)
    const imported = await desk.imported(clinic.id, texts)
    const starts = wanted.map(({ details }) => Date.parse(details.startsAt))
    if (starts.length === 0) return imported
    const { items } = await desk.between(clinic.id, new Date(Math.min(...starts)), new Date(Math.max(...starts) + 1), dayRowsMax)
    const hours = new Set(starts)
    const near = items.flatMap(({ journey: { visitId, startsAt, practitioner, visitStatus } }) =>
      visitId && startsAt && practitioner && visitStatus !== 'cancelled' && hours.has(Date.parse(startsAt)) ? [{ visitId, startsAt, practitioner }] : [],
    )
    if (near.length === 0) return imported
    const known = await contacts.read(
      clinic.id,
      near.map(({ visitId }) => visitId),
      'import: is it booked already',
      actor,
      now,
    )
    const byHand = near.flatMap((visit) => {
      const contact = known.get(visit.visitId)
      return contact ? [importText(visit, contact)] : []
    })
    return new Set([...imported, ...texts.filter((text) => byHand.includes(text))])
  }

  async function book(clinic: ClinicFacts, line: Line, visit: Visit, sendLinks: boolean, { actor, now, traceparent }: By): Promise<Line> {
    const token = newToken()
    const endsAt = new Date(Date.parse(visit.details.startsAt) + visit.details.minutes * 60_000)
    const link = { token, tokenSha256: tokenHash(token), expiresAt: linkEnd(endsAt, now) }
    const outcome = await desk.importVisit(clinic.id, visit, link, actor, now, traceparent)
    if (outcome.is === 'there') return { ...line, is: 'there' }
    if (outcome.is !== 'booked') throw new Refusal(`schedule-${outcome.is}`)
    if (!sendLinks) return { ...line, is: 'booked' }
    const sent = await messages.send(clinic.id, outcome.intakeId, { kind: 'invitation', channel: 'auto', atOnce: false }, actor, now, traceparent)
    return { ...line, is: 'booked', sent: sent.is !== 'sent' ? 'not-possible' : sent.message.status === 'planned' ? 'waits' : 'on-its-way' }
  }

  return async (clinic: ClinicFacts, body: RouteInput<typeof importVisits>['body'], by: By): Promise<Result> => {
    const file = readCsv(body.text)
    if (file.is === 'refused') return { refused: { problem: file.problem, columns: file.columns }, lines: [], ignored: 0 }
    const read = file.lines.map((line) => readLine(line, clinic, by.now))
    const known = await there(
      clinic,
      read.flatMap(({ visit }) => visit ?? []),
      by,
    )
    const seen = new Set<string>()
    const lines: Line[] = []
    for (const one of read) {
      const line = lineView(one, known, seen)
      lines.push(one.visit && line.is === 'new' && !body.dryRun ? await book(clinic, line, one.visit, body.sendLinks, by) : line)
    }
    if (!body.dryRun) {
      const booked = lines.filter(({ is }) => is === 'booked').length
      await audit.audit(
        clinic.id,
        { actor: by.actor, action: 'visit.import', resource: `booked:${booked} of:${lines.length}`, outcome: 'ok', correlationId: by.correlationId },
        by.now,
      )
    }
    return { refused: null, lines, ignored: file.ignored }
  }
}

function lineView({ line, visit, problems }: ReadLine, known: ReadonlySet<string>, seen: Set<string>): Line {
  const nothing = { line, startsAt: null, practitioner: null, name: null, sent: null }
  if (!visit) return { ...nothing, is: 'wrong', problems }
  const { details, text } = visit
  const is = known.has(text) ? 'there' : seen.has(text) ? 'twice' : 'new'
  seen.add(text)
  const { givenName, familyName } = details.contact
  return { ...nothing, is, startsAt: details.startsAt, practitioner: details.practitioner, name: `${familyName}, ${givenName}`, problems: [] }
}
