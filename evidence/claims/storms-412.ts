import type pg from 'pg'
import type { ClaimLine } from '../../docker/local/claim-line.ts'
import type { Stack } from '../../docker/local/stack.ts'
import { putChart } from '../demo/simulators.ts'
import { anybody, chooseFirst, ehr, resources, submitTogether, waitingForChoice, written } from './look-alikes.ts'
import { withStack } from './with-stack.ts'

const patients = 24
/** So often is a record really changed by the clinic's people just before our update of it is compared. */
const touches = 60

/**
 * Everybody has a chart, and while they are written back the clinic's people keep changing the same records: the EHR answers 412 again and
 * again. Everything is written in the end, into the charts that were there, and nothing that the clinic wrote is lost.
 */
export const claimStorms412 = (): Promise<ClaimLine> => withStack(played)

async function played(stack: Stack, behind: pg.Client): Promise<ClaimLine> {
  const people = Array.from({ length: patients }, (_, n) => anybody(n))
  for (const [n, answers] of people.entries())
    await putChart(stack.urls.fhir, answers, { mrn: `MRN-${1000 + n}`, phone: `+1312555${1000 + n}`, sinceYear: 2019 })
  const before = await resources(stack, 'Patient')
  const intakeIds = await submitTogether(stack, people)
  await waitingForChoice(behind, patients)
  await ehr(stack, 'POST', '/_sim/faults', { mode: 'touched-meanwhile', times: touches })
  await chooseFirst(stack, patients)
  const ends = await written(behind, intakeIds)
  const after = await resources(stack, 'Patient')
  const touched = after.filter((chart) => JSON.stringify(chart).includes('urn:sim:touched')).length
  const lost = before.filter(
    (chart) =>
      !kept(
        chart,
        after.find(({ id }) => id === chart.id),
      ),
  ).length
  const figures = { patients, touches, chartsTouched: touched, written: ends.written, refused: ends.refused, charts: after.length, lost }
  return { name: 'partners.storms-412', figures, ok: ends.written === patients && after.length === patients && lost === 0 && touched > 0 }
}

/** Everything that the clinic had in the chart, our own additions aside. */
function kept(before: Record<string, unknown>, after: Record<string, unknown> | undefined): boolean {
  if (!after) return false
  const has = (list: unknown, one: unknown): boolean => Array.isArray(list) && list.some((other) => JSON.stringify(other) === JSON.stringify(one))
  return Object.entries(before).every(([element, value]) => {
    if (element === 'meta' || element === 'telecom' || element === 'address') return true
    return Array.isArray(value) ? value.every((one) => has(after[element], one)) : JSON.stringify(after[element]) === JSON.stringify(value)
  })
}
