import type { LanguageTag } from '@heliox/core/kit'
import { expect } from 'chai'
import { Staff } from '../../evidence/demo/hub-client.ts'
import { until, visitAt } from '../../evidence/demo/walk.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { patientWorld, phones } from './patient-kit.ts'
import { anotherPatient, walkIntake } from './walk-intake.ts'

/** Patients of the practice on the Rhine, at a hub of their own region. It keeps no card, so the form asks for none. */
describe('patients of the European clinic', function () {
  const world = patientWorld(this, 'eu-west')
  const walks: readonly { language: LanguageTag; browser: string; width: number; says: RegExp }[] = [
    { language: 'de', browser: 'de-DE', width: phones.usual, says: /Versicherung/ },
    { language: 'fr', browser: 'fr-FR', width: phones.small, says: /assur/ },
  ]
  for (const { language, browser, width, says } of walks)
    it(`the whole form in ${language}, to a status page in ${language}`, async () => {
      const { urls } = world.stack
      const desk = await Staff.signIn(urls.public, 'ops@rhein.example', 'rhein')
      const visit = await desk.createVisit(visitAt(language === 'de' ? 0 : 1), 'Dr. Sommer')
      const { page, complaints } = await world.view(width, browser)
      await page.goto(visit.patientUrl)
      await walkIntake(page, { ...anotherPatient(), card: undefined }, async (step) => {
        expect(await page.evaluate('document.documentElement.lang'), step).to.equal(language)
        expect(await overflowPx(page), step).to.equal(0)
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
