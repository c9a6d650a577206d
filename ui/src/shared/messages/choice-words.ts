import type { ItemChoice } from '../../client.gen.ts'

/** Words for choosing one of what a partner found: whose chart it is. */
type Row = ItemChoice['rows'][number]
type FoundBy = ItemChoice['charts'][number]['foundBy'][number]

const chart = (option: number): string => `Chart ${option + 1}`

export const choiceWords = {
  title: 'Whose chart is it?',
  lead: 'Answers and charts are patient data. Opening them is written to the audit log with your name and the purpose.',
  open: 'Open them side by side',
  hint: 'The same name and birth date may be two people. Look at all that differs; ask the patient where you are not sure.',
  patient: 'The patient says',
  chart,
  /** Of a radio button. */
  pick: (option: number): string => `${chart(option)} is this patient’s`,
  none: 'None of these: make a new chart',
  noneHint: 'The EHR gets a new chart for this patient.',
  more: 'The EHR has more people who look like this patient than are shown here. Put their charts in order in the EHR, or find out more about the patient, then use “Retry now” to search again.',
  foundBy: (by: readonly FoundBy[]): string => `Found by ${by.map((one) => foundBy[one]).join('; ')}`,
  updated: (when: string): string => `Changed ${when}`,
  fields: {
    familyName: 'Family name',
    givenName: 'Given name',
    birthDate: 'Date of birth',
    sex: 'Sex',
    phone: 'Phone',
    email: 'Email',
    address: 'Address',
    mrn: 'Chart number',
  } satisfies Record<Row['field'], string>,
  matches: {
    same: 'same',
    different: 'differs',
    'not-there': 'not in this chart',
    'not-asked': 'nothing to compare',
  } satisfies Record<Row['charts'][number]['match'], string>,
  /** Under what differs, where the two do not stand beside each other. */
  patientSays: (text: string): string => `Patient says: ${text}`,
  needOpen: 'Open the charts first: they are what you choose from',
  needOption: 'Choose a chart, or that it is none of them',
  chosen: (option: number | null): string => (option === null ? 'None of the charts: a new one.' : `${chart(option)}.`),
  compare: 'Compare the charts',
  isChosen: 'chosen',
}
const foundBy = {
  'name-and-birth-date': 'name and date of birth',
  phone: 'phone',
  'birth-date-and-phone': 'date of birth and phone',
} satisfies Record<FoundBy, string>
