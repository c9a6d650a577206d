import type { AccessesRead, AccessLine } from '@heliox/core/ports'
import { staffNames } from '../identity/people.ts'
import type { Tx } from '../tenancy.ts'

interface Row {
  at: Date
  actor: string
  action: string
  purpose: string | null
  outcome: AccessLine['outcome']
  subjects: number
}
const kinds: readonly string[] = ['user', 'patient', 'service', 'service-account'] satisfies AccessLine['actor']['kind'][]

/**
 * What the audit says of these ids, alone or in a list, the newest first. Ids of patients and processes stay where they are. Of a span with more than `linesMax`
 * lines, whoever they are about, the newest are read: no question about one patient holds up everybody else's.
 */
export async function linesAbout(
  tx: Tx,
  ids: readonly string[],
  span: { from: Date; to: Date },
  { limit, linesMax }: { limit: number; linesMax: number },
): Promise<AccessesRead> {
  const { to } = span
  const end = await tx.query<{ at: Date | null }>('SELECT compliance.lines_end($1, $2, $3) AS at', [span.from, to, linesMax])
  const tooOld = end.rows[0]?.at ?? null
  // The clock writes whole milliseconds: what is of that same one is left out whole, and what is newer is read whole.
  const from = tooOld ? new Date(tooOld.getTime() + 1) : span.from
  const { rows } = await tx.query<Row>('SELECT at, actor, action, purpose, outcome, subjects FROM compliance.lines_about($1, $2, $3, $4)', [
    ids,
    from,
    to,
    limit,
  ])
  const split = (actor: string): [string, string] => [actor.slice(0, actor.indexOf(':')), actor.slice(actor.indexOf(':') + 1)]
  const users = rows.flatMap(({ actor }) => (/^user:[0-9a-f-]{36}$/.test(actor) ? [split(actor)[1]] : []))
  const names = await staffNames(tx, users)
  const lines = rows.map(({ at, actor, ...line }) => {
    const [kind, id] = split(actor)
    const name = kind === 'user' ? (names.get(id) ?? null) : kind === 'service' ? id : null
    return { at: at.toISOString(), actor: { kind: kinds.includes(kind) ? (kind as AccessLine['actor']['kind']) : ('service' as const), name }, ...line }
  })
  return { lines, from, whole: tooOld === null }
}
