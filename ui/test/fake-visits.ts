import type { Journey, VisitChange, VisitNow } from '../src/client.gen.ts'

/** One visit as the api tells it to the desk, and what a change makes of it. */
export function answerVisit(journeys: readonly Journey[], method: string, path: string, body: unknown): { status: number; body: unknown } | undefined {
  const id = /^\/api\/clinic\/visits\/([^/]+)(\/changes|\/forgotten-charts)?$/.exec(path)
  const journey = journeys.find(({ visitId }) => visitId === id?.[1])
  if (!id || !journey?.visitId || !journey.startsAt) return undefined
  if (id[2] === '/forgotten-charts') {
    return { status: 200, body: { ...nowOf(journey as Journey & { visitId: string; startsAt: string }, 1), chart: null } }
  }
  if (method === 'POST') {
    const change = body as VisitChange
    const status = { moved: 'booked', cancelled: 'cancelled', 'no-show': 'noshow', fulfilled: 'fulfilled', reopened: 'booked' } as const
    const from = journey.startsAt
    if (change.change === 'moved') journey.startsAt = change.startsAt
    journey.visitStatus = status[change.change]
    journey.visitChange = { change: change.change, by: 'clinic', at: from }
  }
  return { status: 200, body: nowOf(journey as Journey & { visitId: string; startsAt: string }, journey.visitChange ? 2 : 1) }
}

const nowOf = (journey: Journey & { visitId: string; startsAt: string }, revision: number): VisitNow => ({
  visitId: journey.visitId,
  intakeId: journey.intakeId,
  status: journey.visitStatus,
  startsAt: journey.startsAt,
  endsAt: new Date(Date.parse(journey.startsAt) + 20 * 60_000).toISOString(),
  practitioner: journey.practitioner ?? 'Dr Okafor',
  revision,
  cancelReason: journey.visitStatus === 'cancelled' ? 'patient-asked' : null,
  changeable: 'yes',
  chart: { since: '2026-03-02T15:20:00.000Z', source: 'written' },
  ofAnother: false,
  changes: journey.visitChange ? [{ ...journey.visitChange, reason: null, fromStartsAt: journey.startsAt, startsAt: journey.startsAt }] : [],
})
