import type { Picture } from './album.ts'
import { importLine, message } from './fake-desk.ts'
import type { FakeHub } from './fake-hub.ts'
import { soon, uuid } from './fake-kit.ts'

/** Every page of the front desk in each of its states: for the album that people look at, and for the claim that is counted. It speaks English. */
export const page1 = `/clinic/intakes/${uuid(1)}`
export const page5 = `/clinic/intakes/${uuid(5)}`
export const file = { name: 'visits.csv', mimeType: 'text/csv', buffer: Buffer.from('date,time,practitioner,given name,family name\n') }
export const waiting = (hub: FakeHub): void => {
  hub.data.desk.messages.set(uuid(5), [message(5, { status: 'undelivered', reason: 'not-a-mobile', code: '30006' })])
}
/** A visit some days ahead, whatever day the test runs on. */
export const ahead = (hub: FakeHub): void => {
  for (const journey of hub.data.journeys) journey.startsAt = '2027-03-12T15:20:00.000Z'
}
export const over = (hub: FakeHub): void => {
  for (const journey of hub.data.journeys) journey.startsAt = '2026-03-12T15:20:00.000Z'
}
const takenBack = (hub: FakeHub): void => {
  const [treatment] = hub.data.desk.consents
  if (treatment) treatment.withdrawnAt = soon(-1)
  hub.data.desk.withdrawn.set(uuid(1), ['treatment'])
}

export const deskStates: readonly Picture[] = [
  {
    name: 'desk-day',
    path: '/clinic',
    prepare: (hub) => {
      waiting(hub)
      hub.data.journeys.push({ ...hub.data.journeys[4], intakeId: uuid(6), visitId: uuid(506), reference: 'HX-7Q2M-K6' } as never)
      hub.data.desk.messages.set(uuid(6), [message(6)])
      hub.data.journeys.push({ ...hub.data.journeys[4], intakeId: uuid(7), visitId: uuid(507), reference: 'HX-7Q2M-K7' } as never)
      hub.data.desk.messages.set(uuid(7), [message(7)])
      hub.data.desk.links.set(uuid(7), 'revoked')
    },
    drive: (page) => page.getByText('Moreno, Ada').first().waitFor(),
  },
  { name: 'desk-week', path: '/clinic?view=week', drive: (page) => page.getByText('Moreno, Ada').first().waitFor() },
  { name: 'desk-filter-empty', path: '/clinic?show=inactive', drive: (page) => page.getByText('No visit of this time is in that state').waitFor() },
  {
    name: 'desk-visit-message',
    path: page5,
    prepare: waiting,
    drive: (page) => page.getByText('did not arrive').first().waitFor(),
  },
  {
    name: 'desk-visit-code',
    path: page5,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Show a code' }).click()
      await page.getByRole('dialog').getByRole('button', { name: 'Show a code' }).click()
      await page.getByText('604218').waitFor()
    },
  },
  {
    name: 'desk-visit-contact',
    path: page1,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      await page.getByLabel('Family name').fill('')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'desk-import',
    path: '/clinic/import',
    prepare: (hub) =>
      void hub.data.desk.lines.push(
        importLine(9, { is: 'wrong', startsAt: null, name: null, practitioner: null, problems: [{ column: null, problem: 'unreadable-line' }] }),
      ),
    drive: async (page) => {
      await page.getByLabel('CSV file').setInputFiles(file)
      await page.getByText('1 to book').waitFor()
    },
  },
  { name: 'desk-paper', path: '/clinic/print', drive: (page) => page.getByText('Consent to treatment').first().waitFor() },
  { name: 'desk-week-empty', path: '/clinic?view=week&day=2020-01-01', drive: (page) => page.getByText('No visits in this week.').waitFor() },
  {
    name: 'desk-no-name',
    path: '/clinic',
    drive: async (page) => {
      await page.getByRole('searchbox', { name: 'Find by name' }).fill('nobody')
      await page.getByText('No visit of this time has that name.').waitFor()
    },
  },
  { name: 'desk-taken-back', path: '/clinic', prepare: takenBack, drive: (page) => page.getByText('Taken back').first().waitFor() },
  {
    name: 'desk-visit-sent',
    path: page1,
    prepare: takenBack,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Show the answers' }).click()
      await page.getByText('Grandfathered').waitFor()
      await page.getByRole('button', { name: 'Show who has seen it' }).click()
      await page.getByText('in a list of 37').waitFor()
      await page.getByText('Speak with the patient').waitFor()
    },
  },
  {
    name: 'desk-visit-another-person',
    path: page1,
    drive: async (page, hub) => {
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      hub.fail('/contact', 409, 'intake-closed')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('This is clearly another person').waitFor()
    },
  },
  {
    name: 'desk-visit-changed-meanwhile',
    path: page1,
    drive: async (page, hub) => {
      await page.getByRole('button', { name: 'Change', exact: true }).click()
      hub.fail('/contact', 409, 'changed-meanwhile')
      await page.getByRole('button', { name: 'Save' }).click()
      await page.getByText('Somebody changed this meanwhile').waitFor()
    },
  },
  {
    name: 'desk-visit-end-link',
    path: page5,
    drive: async (page) => {
      await page.getByRole('button', { name: 'End the link…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'desk-visit-takes-back',
    path: page1,
    drive: async (page) => {
      await page.getByRole('button', { name: 'The patient takes something back…' }).click()
      await page.getByLabel('What they agreed to').selectOption('card-authorisation')
      await page.getByText('is called off').waitFor()
    },
  },
  {
    name: 'desk-visit-no-texts',
    path: page1,
    drive: async (page) => {
      await page.getByRole('button', { name: 'No more texts…' }).click()
      await page.getByText('End texts to this patient?').waitFor()
    },
  },
  { name: 'desk-visit-ahead', path: page1, prepare: ahead, drive: (page) => page.getByRole('button', { name: 'Move…' }).waitFor() },
  { name: 'desk-visit-over', path: page1, prepare: over, drive: (page) => page.getByRole('button', { name: 'Did not come' }).waitFor() },
  {
    name: 'desk-visit-cancelled',
    path: page1,
    prepare: (hub) => {
      ahead(hub)
      for (const journey of hub.data.journeys)
        Object.assign(journey, { visitStatus: 'cancelled', visitChange: { change: 'cancelled', by: 'ehr', at: '2027-03-01T15:20:00.000Z' } })
    },
    drive: (page) => page.getByRole('button', { name: 'Book it again' }).waitFor(),
  },
  {
    name: 'desk-visit-move',
    path: page1,
    prepare: ahead,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Move…' }).click()
      await page.getByRole('dialog').waitFor()
    },
  },
  {
    name: 'desk-visit-cancel',
    path: page1,
    prepare: ahead,
    drive: async (page) => {
      await page.getByRole('button', { name: 'Cancel the visit…' }).click()
      await page.getByRole('button', { name: 'Cancel the visit', exact: true }).click()
      await page.getByText('Choose a reason').first().waitFor()
    },
  },
  {
    name: 'desk-walk-in',
    path: '/clinic/new?walk-in',
    drive: async (page) => {
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'desk-link-ready',
    path: '/clinic/new?walk-in',
    drive: async (page) => {
      await page.getByLabel('With whom').fill('Dr Okafor')
      await page.getByRole('button', { name: 'Make the link' }).click()
      await page.getByText('The link is ready').first().waitFor()
    },
  },
  {
    name: 'desk-import-cancelled',
    path: '/clinic/import',
    prepare: (hub) => void hub.data.desk.lines.push(importLine(7, { is: 'cancelled', name: 'Haddad, Samira' })),
    drive: async (page) => {
      await page.getByLabel('CSV file').setInputFiles(file)
      await page.getByRole('checkbox', { name: 'Book it anew: Haddad, Samira' }).check()
    },
  },
  {
    name: 'desk-import-booked',
    path: '/clinic/import',
    drive: async (page) => {
      await page.getByLabel('CSV file').setInputFiles(file)
      await page.getByRole('button', { name: 'Book 1 visit' }).click()
      await page.getByText('1 booked').waitFor()
    },
  },
  {
    name: 'desk-import-refused',
    path: '/clinic/import',
    prepare: (hub) => void Object.assign(hub.data.desk, { refused: { problem: 'missing-columns', columns: ['time', 'familyName'] } }),
    drive: async (page) => {
      await page.getByLabel('CSV file').setInputFiles(file)
      await page.getByText('The first line must name these columns too').waitFor()
    },
  },
  { name: 'desk-paper-none', path: '/clinic/print?day=2020-01-01', drive: (page) => page.getByText('There is no visit on this day').waitFor() },
]
