import type { LanguageTag } from '@heliox/core/kit'
import { expect } from 'chai'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { rhinePerson } from '../../evidence/demo/people.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { patientWorld, phones } from './patient-kit.ts'
import { anotherPatient, type Patient, walkIntake } from './walk-intake.ts'

const { address: home, groupNumber: _, ...jorgine } = rhinePerson.answers
/** Who lives where the practice is leaves the country as it stands; who lives beyond the border says so. */
const fromCologne: Patient = { ...jorgine, line1: home.line1, line2: home.line2, city: home.city, postalCode: home.postalCode }
const { state: _texas, card: _card, ...abroad } = anotherPatient()
const fromStrasbourg: Patient = {
  ...abroad,
  phone: '+33 1 99 00 12 34',
  country: 'FR',
  line1: '3 Place de la Cathédrale',
  city: 'Strasbourg',
  postalCode: '67000',
}

/** Patients of the practice on the Rhine, at a hub of their own region. It keeps no card, so the form asks for none. */
describe('patients of the European clinic', function () {
  const world = patientWorld(this, 'eu-west')
  const walks: readonly { language: LanguageTag; browser: string; width: number; says: RegExp; patient: Patient; country: string; shown: string[] }[] = [
    { language: 'de', browser: 'de-DE', width: phones.usual, says: /Versicherung/, patient: fromCologne, country: 'DE', shown: ['50667 Köln'] },
    { language: 'fr', browser: 'fr-FR', width: phones.small, says: /assur/, patient: fromStrasbourg, country: 'FR', shown: ['67000 Strasbourg', 'France'] },
  ]
  for (const { language, browser, width, says, patient, country, shown } of walks)
    it(`the whole form in ${language}, with an address in ${country}, to a status page in ${language}`, async () => {
      const { urls } = world.stack
      const desk = await Staff.signIn(urls.public, 'ops@rhein.example', 'rhein')
      const visit = await desk.createVisit(visitAt(language === 'de' ? 0 : 1), 'Dr. Sommer')
      const { page, complaints } = await world.view(width, browser)
      await page.goto(visit.patientUrl)
      await walkIntake(page, patient, async (step) => {
        expect(await page.evaluate('document.documentElement.lang'), step).to.equal(language)
        expect(await overflowPx(page), step).to.equal(0)
        if (step === 'address') {
          expect(await page.locator('#country option').first().getAttribute('value'), 'the clinic’s own comes first').to.equal('DE')
          expect(await page.locator('#state').count(), 'nobody here lives in a state').to.equal(0)
        }
        if (step === 'check') for (const line of shown) await page.getByText(line, { exact: true }).waitFor()
        await shoot(page, `patient-${language}-${step}-${width}`)
      })
      expect(await page.evaluate('document.documentElement.lang')).to.equal(language)
      expect(await page.locator('main').innerText()).to.match(says)
      expect(await axeFindings(page)).to.deep.equal([])
      await shoot(page, `patient-${language}-status-${width}`)
      await until('the journey to know of it', 60, async () => ((await desk.journey(visit.intakeId)).journey.intake === 'submitted' ? true : undefined))
      expect(complaints).to.deep.equal([])
    })
})
