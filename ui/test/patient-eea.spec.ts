import { demo } from '@heliox/db/seed/demo'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { rhinePerson } from '../../evidence/demo/people.ts'
import { patientWorld, phones } from './patient-kit.ts'
import { walkTroubles } from './patient-troubles.ts'
import { anotherPatient, examplePatient, type Patient } from './walk-intake.ts'

const { address: home, groupNumber: _, ...jorgine } = rhinePerson.answers
/** Who lives where the practice is leaves the country as it stands; who lives beyond the border says so. */
const fromCologne: Patient = { ...jorgine, line1: home.line1, line2: home.line2, city: home.city, postalCode: home.postalCode }
const { state: _texas, card: _card, ...abroad } = examplePatient
const fromStrasbourg: Patient = {
  ...abroad,
  phone: '+33 1 99 00 1234',
  country: 'FR',
  line1: '3 Place de la Cathédrale',
  city: 'Strasbourg',
  postalCode: '67000',
}

const addressOf =
  (...shown: string[]) =>
  async (page: Page, step: string): Promise<void> => {
    if (step === 'address') {
      expect(await page.locator('#country option').first().getAttribute('value'), 'the clinic’s own comes first').to.equal('DE')
      expect(await page.locator('#state').count(), 'nobody here lives in a state').to.equal(0)
    }
    if (step === 'check') for (const line of shown) await page.getByText(line, { exact: true }).waitFor()
  }

/** Patients of the practice on the Rhine, at a hub of their own region. */
describe('patients of the European clinic', function () {
  walkTroubles(patientWorld(this, { region: 'eu-west' }), {
    tenant: demo.rhein,
    deskEmail: 'ops@rhein.example',
    opsEmail: 'ops@rhein.example',
    walkers: [
      {
        ...{ language: 'de', browser: 'de-DE', width: phones.usual, phone: '+491713920041' },
        patient: () => anotherPatient(fromCologne),
        onStep: addressOf('50667 Köln'),
      },
      {
        ...{ language: 'fr', browser: 'fr-FR', width: phones.small, phone: '+33639980012' },
        patient: () => anotherPatient(fromStrasbourg),
        onStep: addressOf('67000 Strasbourg', 'France'),
      },
    ],
  })
})
