import { expect } from 'chai'
import type { Page } from 'playwright-core'
import type { IntakeForm } from '../src/client.gen.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { formScreens } from './form-screens.ts'
import { agree, choosePayer, examplePatient, fillIntake, sendForm, submitStep, waitForStep } from './walk-intake.ts'

const changed = 'The clinic changed something while your form was open'
const anew = 'The clinic has changed these questions: answer them again'

const allergies = (version: number, label: string, required: string[] = []): IntakeForm =>
  ({
    ...{ id: 'allergies', version },
    schema: { type: 'object', properties: { note: { type: 'string', maxLength: 80 } }, required, additionalProperties: false },
    words: { en: { title: 'Allergies', fields: { note: { label } } } },
  }) as unknown as IntakeForm

/** The clinic, its schedule or its administrator changed what is asked after the page had read it: no try may end where it began. */
describe('an intake form that the clinic changed while it was open', function () {
  const form = formScreens(this)
  const { open, change, arrives, sent } = form
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = form)
  })
  /** As the api does with the next try. */
  const refuse = (...paths: string[]): void =>
    hub.fail(
      '/api/intake/submit',
      400,
      'invalid',
      1,
      paths.map((path) => ({ path, message: 'refused by the test' })),
    )
  /** Filled in up to "Check your answers", with one answer to the clinic's own question. */
  const answered = async (asked: IntakeForm): Promise<void> => {
    hub.data.intake.forms = [asked]
    await open(`#/form-${asked.id}`)
    await page.getByLabel(asked.words.en?.fields.note?.label ?? '').fill('Penicillin')
    await open('#/')
    await fillIntake(page, examplePatient)
  }
  const startAgainAt = async (title: string, step: string): Promise<void> => {
    await page.getByRole('link', { name: title, exact: true }).click()
    await waitForStep(page, step)
  }

  it('goes on after the clinic changed a consent text: the draft stays, the new text is shown unticked, and is what is signed', async () => {
    await open()
    await fillIntake(page, examplePatient)
    const text = hub.data.intake.consentTexts.en[0]
    if (!text) throw new Error('no text')
    Object.assign(text, { sha256: 'b'.repeat(64), body: 'A newer text.' })
    refuse('consents.0', 'consents')
    await sendForm(page)
    await page.getByText(changed).waitFor()
    await page.getByRole('link', { name: 'A consent text has changed: read it and agree again' }).click()
    await focusOn(page.locator('#change-consents'))
    await page.getByRole('link', { name: 'Your consents', exact: true }).click()
    await waitForStep(page, 'consents')
    await page.getByText('The clinic changed this text while your form was open').waitFor()
    expect(await page.locator('#consent-treatment').isChecked()).to.equal(false)
    expect(await page.locator('#consent-privacy-notice').isChecked()).to.equal(true)
    await page.locator('#consent-treatment').check()
    await submitStep(page)
    await waitForStep(page, 'check')
    await arrives()
    expect(sent().answers.givenName).to.equal('Ana')
    expect(sent().consents[0]?.textSha256).to.equal('b'.repeat(64))
  })

  it('goes on after the clinic dropped the chosen insurer', async () => {
    await open()
    await fillIntake(page, examplePatient)
    hub.data.intake.payers = hub.data.intake.payers.filter(({ id }) => id !== 'HELIO1')
    refuse('answers.payerId')
    await sendForm(page)
    await page.getByRole('link', { name: 'Choose your insurance company again' }).waitFor()
    await page.getByRole('link', { name: 'Your insurance', exact: true }).click()
    await waitForStep(page, 'insurance')
    await choosePayer(page, 'NORTH2')
    await submitStep(page)
    await waitForStep(page, 'check')
    await arrives()
  })

  it('asks the questions of the version that was published meanwhile, and sends the answer to those words', async () => {
    await answered(allergies(1, 'Are you allergic?', ['note']))
    hub.data.intake.forms = [allergies(2, 'Which medicines can you not have?', ['note'])]
    refuse('answers.forms.allergies')
    await sendForm(page)
    await page.getByText(changed).waitFor()
    await page.getByRole('link', { name: anew }).click()
    await focusOn(page.locator('#change-form-allergies'))
    expect(await page.locator('#send').count(), 'nothing to press before it is answered').to.equal(0)
    await startAgainAt('Allergies', 'form-allergies')
    expect(await page.getByLabel('Which medicines can you not have?').inputValue()).to.equal('')
    await page.getByLabel('Which medicines can you not have?').fill('Codeine')
    await submitStep(page)
    await waitForStep(page, 'check')
    await arrives()
    expect(sent().answers).to.deep.include({ givenName: 'Ana', forms: { allergies: { note: 'Codeine' } }, formVersions: { allergies: 2 } })
  })

  it('drops no answer unseen where none of the new questions must be answered', async () => {
    await answered(allergies(1, 'Are you allergic?'))
    hub.data.intake.forms = [allergies(2, 'Which medicines can you not have?')]
    refuse('answers.forms.allergies')
    await sendForm(page)
    await page.getByText(changed).waitFor()
    expect(await page.locator('#send').count()).to.equal(0)
    await startAgainAt('Allergies', 'form-allergies')
    await submitStep(page)
    await waitForStep(page, 'check')
    await arrives()
    expect(sent().answers, 'left empty by the patient').to.deep.include({ forms: { allergies: {} }, formVersions: { allergies: 2 } })
  })

  it('goes without a question that has ended, and asks one that was added', async () => {
    await answered(allergies(1, 'Are you allergic?'))
    hub.data.intake.forms = []
    refuse('answers.forms')
    await sendForm(page)
    await page.getByText('Look at your answers once more, then send again').waitFor()
    expect(await page.locator('#change-form-allergies').count()).to.equal(0)
    hub.data.intake.forms = [{ ...allergies(1, 'How do you sleep?', ['note']), id: 'sleep' }]
    refuse('answers.forms.sleep.note')
    await sendForm(page)
    await page.getByRole('link', { name: anew }).waitFor()
    await startAgainAt('Allergies', 'form-sleep')
    await page.getByLabel('How do you sleep?').fill('Well')
    await submitStep(page)
    await waitForStep(page, 'check')
    await arrives()
    expect(sent().answers).to.deep.include({ forms: { sleep: { note: 'Well' } }, formVersions: { sleep: 1 } })
  })

  for (const paysFirst of ['first', 'second']) {
    it(`asks for a second insurer again that left the list, where the ${paysFirst} pays first`, async () => {
      await open()
      await fillIntake(page, examplePatient)
      await change('second', async () => {
        await page.locator('input[name=hasSecond][value=yes]').check()
        await choosePayer(page, 'QUIET3', 'secondPayerId')
        await page.locator('#secondMemberId').fill('QV 1')
        await page.locator(`input[name=paysFirst][value=${paysFirst}]`).check()
      })
      hub.data.intake.payers = hub.data.intake.payers.filter(({ id }) => id !== 'QUIET3')
      refuse(paysFirst === 'first' ? 'answers.secondary.payerId' : 'answers.payerId')
      await sendForm(page)
      await page.getByText(changed).waitFor()
      await page.getByRole('link', { name: 'Choose your insurance company again' }).click()
      await focusOn(page.locator('#change-second'))
      await change('second', () => choosePayer(page, 'NORTH2', 'secondPayerId'))
      await arrives()
      const { payerId, secondary } = sent().answers as { payerId: string; secondary: { payerId: string } }
      expect([payerId, secondary.payerId]).to.have.members(['HELIO1', 'NORTH2'])
    })
  }

  it('lets who came of age by the day of the moved visit sign for themselves, and asks who signs for a child again', async () => {
    const { visit } = hub.data.intake
    await open()
    // Seventeen on the day of the visit.
    await fillIntake(page, {
      ...examplePatient,
      birthDate: '2009-03-10',
      guardian: { givenName: 'Rosa', familyName: 'Moreno', relationship: 'parent' },
      typedName: 'Rosa Moreno',
    })
    Object.assign(visit, { startsAt: '2027-03-11T15:20:00.000Z', endsAt: '2027-03-11T15:40:00.000Z' })
    refuse('answers.guardian')
    await sendForm(page)
    await page.getByText(changed).waitFor()
    expect(await page.locator('#change-guardian').count()).to.equal(0)
    const signs = async (name: string): Promise<void> => {
      // Nobody agrees for another: ticks, code and name go with who signed.
      await change('consents', () => agree(page, examplePatient))
      await change('sign', () => page.locator('#typedName').fill(name))
    }
    await signs('Ana Moreno')
    Object.assign(visit, { startsAt: '2027-03-04T15:20:00.000Z', endsAt: '2027-03-04T15:40:00.000Z' })
    refuse('answers.guardian')
    await sendForm(page)
    await page.getByText(changed).waitFor()
    expect(await page.locator('#send').count(), 'the name under the form is of somebody who may not sign').to.equal(0)
    await signs('Rosa Moreno')
    await arrives()
    expect([(sent().answers.guardian as { givenName: string }).givenName, sent().signature.typedName]).to.deep.equal(['Rosa', 'Rosa Moreno'])
  })

  it('leads to the status page where the visit was called off meanwhile', async () => {
    await open()
    await fillIntake(page, examplePatient)
    hub.data.intake.visit.status = 'cancelled'
    hub.fail('/api/intake/submit', 409, 'visit-cancelled')
    await sendForm(page)
    await page.waitForURL(/\/status\//)
  })

  it('keeps the way to the answer where what is asked now cannot be read, and reads it at the next try', async () => {
    await answered(allergies(1, 'Are you allergic?', ['note']))
    hub.data.intake.forms = [allergies(2, 'Which medicines can you not have?', ['note'])]
    refuse('answers.forms.allergies')
    hub.fail('/api/intake', 503, 'internal', 1)
    await sendForm(page)
    await page.getByRole('link', { name: anew }).waitFor()
    refuse('answers.forms.allergies')
    await sendForm(page)
    await startAgainAt('Allergies', 'form-allergies')
    await page.getByLabel('Which medicines can you not have?').waitFor()
  })
})
