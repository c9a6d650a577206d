import type pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { anybody, chooseFirst, ehr, resources, submitTogether, waitingForChoice, written } from './look-alikes.ts'
import { withStack } from './with-stack.ts'

const parallel = 64
/** Look and write of a conditional create are so far apart at this EHR: two at once make two, as at real ones. */
const raceWindowMs = 60

/**
 * Sixty-four forms of one person arrive together, each under an id of its own, at two engines and an EHR whose conditional create races.
 * One chart is made; whose chart the others mean, a person says. Then all of them are written into that one.
 */
export const claimRacingWrites = (): Promise<ClaimLine> => withStack(played)

async function played(stack: Stack, behind: pg.Client): Promise<ClaimLine> {
  await stack.start('engine-2', 'engine')
  await ehr(stack, 'PUT', '/_sim/knobs', { raceWindowMs })
  const { familyName, givenName, birthDate, phone } = anybody(0)
  const began = performance.now()
  const intakeIds = await submitTogether(
    stack,
    Array.from({ length: parallel }, (_, n) => anybody(n, { familyName, givenName, birthDate, phone })),
  )
  const asked = await waitingForChoice(behind, parallel - 1)
  const made = (await resources(stack, 'Patient')).length
  await chooseFirst(stack, parallel - 1)
  const ends = await written(behind, intakeIds)
  const figures = {
    ...{ parallel, engines: 2, raceWindowMs, chartsMade: made, askedAPerson: asked },
    ...{ written: ends.written, refused: ends.refused, charts: (await resources(stack, 'Patient')).length },
    ...{ appointments: (await resources(stack, 'Appointment')).length, seconds: (performance.now() - began) / 1000 },
  }
  const ok = made === 1 && asked === parallel - 1 && figures.charts === 1 && ends.written === parallel && figures.appointments === parallel
  return { name: 'partners.racing-writes', figures, ok }
}
