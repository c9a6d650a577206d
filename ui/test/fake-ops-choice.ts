import type { AllowedAction, ItemChoice, OverrideItem } from '../src/client.gen.ts'
import { soon } from './fake-kit.ts'
import { allowed, override } from './fake-ops-items.ts'

/** Two people of one name: one is the patient with another phone, one was born on another day. */
export const twoCharts = (): ItemChoice => ({
  rows: [
    choiceRow('familyName', 'Moreno', ['Moreno', 'same'], ['Moreno', 'same']),
    choiceRow('givenName', 'Ana', ['Ana Lucía', 'different'], ['Ana', 'same']),
    choiceRow('birthDate', '1985-03-27', ['1985-03-27', 'same'], ['1958-03-27', 'different']),
    choiceRow('sex', 'female', ['female', 'same'], [null, 'not-there']),
    choiceRow('phone', '+1 312 555 0114', ['(312) 555-0199', 'different'], ['+1 312 555 0114', 'same']),
    choiceRow('email', null, ['ana@example.test', 'not-asked'], [null, 'not-there']),
    choiceRow('address', '12 Pier Road, Chicago, IL, 60601', ['12 Pier Road, Chicago IL 60601', 'same'], ['4 Elm Street, Evanston IL 60201', 'different']),
    choiceRow('mrn', null, ['MRN-40417', 'not-asked'], ['MRN-11830', 'not-asked']),
  ],
  charts: [
    { ref: 'Patient/40417', foundBy: ['name-and-birth-date'], updatedAt: soon(-2_000) },
    { ref: 'Patient/11830', foundBy: ['phone'], updatedAt: null },
  ],
  more: false,
  none: true,
})
/** More than a screen has room for, and more than are shown. */
export function manyCharts(count: number): ItemChoice {
  const { rows, charts } = twoCharts()
  const wide = <T>(two: readonly T[]): T[] => Array.from({ length: count }, (_, n) => two[n % 2] as T)
  return {
    rows: rows.map((row) => ({ ...row, charts: wide(row.charts) })),
    charts: wide(charts).map((chart, n) => ({ ...chart, ref: `Patient/${50_000 + n}` })),
    ...{ more: true, none: false },
  }
}
type ChoiceRow = ItemChoice['rows'][number]
const choiceRow = (field: ChoiceRow['field'], asked: string | null, ...charts: [string | null, ChoiceRow['charts'][number]['match']][]): ChoiceRow => ({
  field,
  asked,
  charts: charts.map(([text, match]) => ({ text, match })),
})

/** A write-back that found somebody who looks like the patient. */
export const chartItem = (n: number, change: Partial<OverrideItem> = {}): OverrideItem =>
  override(n, {
    ...{ cause: 'choice', nextAction: 'choose', partner: 'fhir', operation: 'fhir.findChart.v1', payerId: null, payerName: null, attempts: 1 },
    ...{ flow: 'ehr-writeback', version: 2, step: 'find chart' },
    staffText: 'The EHR has somebody who looks like this patient. Compare them, then say whose chart it is, or that it is a new one.',
    ...change,
  })
export const chartActions = (): AllowedAction[] => [
  allowed('choose', { reasons: ['compared-with-chart', 'patient-confirmed', 'other'] }),
  ...(['retry', 'move', 'drop'] as const).map((action) => allowed(action)),
]
