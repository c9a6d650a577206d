import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { drawn, focusOn } from './browser.ts'
import type { FakeHub, Seen } from './fake-hub.ts'
import { axeFindings, overflowPx, shoot } from './looks.ts'
import { fakeScreens } from './screens.ts'
import { choosePayer } from './walk-intake.ts'

const link = '/correct/a-token-of-a-link'

describe('the correction form in a browser', function () {
  const screens = fakeScreens(this, { width: 320 })
  let hub: FakeHub
  let page: Page
  beforeEach(() => {
    ;({ hub, page } = screens)
  })
  const form = '[data-page=correction]'
  const open = async (at: Page = page, query = ''): Promise<void> => {
    await at.goto(hub.url + link + query)
    await at.locator(form).waitFor()
  }
  const send = (at: Page = page): Promise<void> => at.locator(`${form} form button[type=submit]`).click()
  const sent = (): Seen[] => hub.seen.filter((call) => call.method === 'POST' && call.path === '/api/intake/correction')
  const summary = async (): Promise<string[]> => {
    await page.locator('[role=alert][aria-labelledby=problem-title]').waitFor()
    return page.locator('[role=alert] li').allInnerTexts()
  }

  it('asks for exactly what the clinic asks for, and shows no value of what is there', async () => {
    hub.data.correction.fields = ['memberId', 'payerId']
    await open()
    const names = await page.locator(`${form} input, ${form} select`).evaluateAll((controls) => controls.map((control) => (control as HTMLInputElement).name))
    expect(names).to.deep.equal(['memberId', 'payerId'])
    expect(await page.locator('#memberId').inputValue()).to.equal('')
    expect(await page.locator('#memberId-hint').innerText()).to.contain('ends with 871')
    expect(await page.locator('#payerId').inputValue()).to.equal('Helio Health Plan')
  })

  it('says that the clinic asks where a person did, and that the insurer found nobody only where it said so', async () => {
    const insurer = 'Your insurer did not find you'
    await open()
    expect(await page.locator(form).innerText()).to.contain(insurer)
    hub.data.correction.askedBy = 'staff'
    await open()
    expect(await page.locator(form).innerText())
      .to.contain('The clinic asks you to look at these details')
      .and.to.not.contain(insurer)
    await shoot(page, 'correction-asked-by-staff-320')
    await open(page, '?lang=es')
    expect(await page.locator(form).innerText()).to.contain('La clínica le pide que revise estos datos')
  })

  it('sends only what was changed, tidied, with a key, and goes to the status page', async () => {
    await open()
    await page.locator('#memberId').fill(' HX 998 72 ')
    await page.locator('#birthMonth').fill('4')
    await page.locator('#birthDay').fill('9')
    await page.locator('#birthYear').fill('1981')
    await choosePayer(page, 'NORTH2')
    await page.locator('label:has-text("Female")').click()
    await send()
    await page.waitForURL(/\/status\/token\?lang=en$/)
    const [call, ...others] = sent()
    expect(others).to.deep.equal([])
    expect(call?.body).to.deep.equal({ memberId: 'HX99872', birthDate: '1981-04-09', payerId: 'NORTH2', payerSex: 'F' })
    expect(call?.headers['idempotency-key']).to.match(/^[0-9a-f-]{36}$/)
    expect(call?.headers.authorization).to.equal('Intake a-token-of-a-link')
  })

  it('takes an insurer that the list does not have by the name that was typed, and loses nothing that was typed and not chosen', async () => {
    hub.data.correction.fields = ['payerId']
    await open()
    await page.locator('#payerId').fill('Faraway Assurance')
    await send()
    expect(await summary()).to.deep.equal(['Choose your insurer from the list, or say that it is not listed'])
    expect(await page.locator('#payerId').inputValue()).to.equal('Faraway Assurance')
    await page.locator('[data-take-typed]').click()
    expect(await page.locator('#payerText').inputValue()).to.equal('Faraway Assurance')
    expect(await page.getByText('We ask your insurer again').count(), 'a person does').to.equal(0)
    await shoot(page, 'correction-not-listed-320')
    await send()
    await page.waitForURL(/\/status\/token\?lang=en$/)
    expect(sent().at(-1)?.body).to.deep.equal({ payerId: 'not-listed', payerText: 'Faraway Assurance' })
  })

  it('asks for the second insurance by name, and sends of it only what was changed', async () => {
    Object.assign(hub.data.correction, { fields: ['memberId', 'secondPayerId', 'secondMemberId'] })
    Object.assign(hub.data.correction.hints, { secondPayerId: 'NORTH2', secondMemberId: '551' })
    await open()
    expect(await page.locator('label[for=secondMemberId]').innerText()).to.equal('Second insurance: Member ID')
    expect(await page.locator('#secondMemberId-hint').innerText()).to.contain('ends with 551')
    expect(await page.locator('#secondPayerId').inputValue()).to.equal('Northwind Mutual')
    await page.locator('#secondMemberId').fill('no/such#id')
    await send()
    expect(await summary()).to.deep.equal(['Second insurance: Member ID must be letters and digits, as on the card'])
    await page.locator('#secondMemberId').fill('NM 205 52')
    expect(await axeFindings(page)).to.deep.equal([])
    expect(await overflowPx(page)).to.equal(0)
    await shoot(page, 'correction-second-320')
    await send()
    await page.waitForURL(/\/status\/token\?lang=en$/)
    expect(sent().at(-1)?.body).to.deep.equal({ secondMemberId: 'NM20552' })
  })

  it('asks for a whole second insurance where the clinic has none, in the patient’s language', async () => {
    Object.assign(hub.data.correction, { fields: ['secondPayerId', 'secondMemberId'], hints: {} })
    await open()
    expect(await page.locator(form).innerText()).to.contain('We have no second insurance of yours.')
    await page.locator('#secondMemberId').fill('NM1')
    await send()
    expect(await summary()).to.deep.equal(['Second insurance: Choose your insurance company'])
    await page.locator('#secondMemberId').fill('')
    await choosePayer(page, 'NORTH2', 'secondPayerId')
    await send()
    expect(await summary()).to.deep.equal(['Second insurance: Enter your member ID'])
    await page.locator('header select').selectOption('es')
    await page.getByText('No tenemos ningún segundo seguro suyo.').waitFor()
    await page.locator('#secondPayerId').fill('Faraway Assurance')
    await page.locator('[data-take-typed]').click()
    await send()
    await page.waitForURL(/\/status\/token\?lang=es$/)
    expect(sent().at(-1)?.body).to.deep.equal({ secondPayerId: 'not-listed', secondPayerText: 'Faraway Assurance', secondMemberId: 'NONE' })
  })

  it('says on top what is wrong, each with a way to its field, and sends nothing', async () => {
    await open()
    await send()
    expect(await summary()).to.deep.equal(['Change at least one detail'])
    await page.locator('#memberId').fill('no/such#id')
    await page.locator('#birthYear').fill('81')
    await send()
    await page.waitForFunction(() => document.querySelectorAll('[role=alert] li').length === 2)
    expect(await summary()).to.deep.equal(['Member ID must be letters and digits, as on the card', 'Date of birth must have a month, a day and a year'])
    await page.locator('[role=alert] a').first().click()
    await focusOn(page.locator('#memberId'))
    expect(await page.title()).to.match(/^Error: /)
    expect(sent()).to.deep.equal([])
  })

  it('counts a double tap, and a try whose answer was lost, once: the key stays the same', async () => {
    hub.data.delayMs = 200
    await open()
    let lost = false
    await page.route('**/api/intake/correction', async (route) => {
      if (lost || route.request().method() !== 'POST') return route.continue()
      lost = true
      await route.fetch()
      return route.abort('connectionreset')
    })
    await page.locator('#memberId').fill('HX99872')
    await send()
    await page.locator('text=Not sent yet').waitFor()
    await page.locator(`${form} form button[type=submit]`).dblclick()
    await page.waitForURL(/\/status\//)
    const keys = sent().map((call) => call.headers['idempotency-key'])
    expect(keys).to.have.length(2)
    expect(new Set(keys).size).to.equal(1)
  })

  it('uses another key after a refusal, and says that the details are those that are there already', async () => {
    await open()
    hub.fail('/api/intake/correction', 409, 'nothing-changed')
    await page.locator('#memberId').fill('HX99871')
    await send()
    expect(await summary()).to.deep.equal(['These are the details we already have. Change at least one, or call the clinic.'])
    await page.locator('#memberId').fill('HX99872')
    await send()
    await page.waitForURL(/\/status\//)
    expect(new Set(sent().map((call) => call.headers['idempotency-key'])).size).to.equal(2)
  })

  it('says in words when the number of a payment card was typed, and stores nothing on the device', async () => {
    await open()
    hub.fail('/api/intake/correction', 400, 'card-number-refused', 1, [{ path: 'memberId', message: 'x' }])
    await page.locator('#memberId').fill('4242424242424242')
    await send()
    expect(await summary()).to.deep.equal(['Member ID: this looks like the number of a payment card'])
    expect(await page.evaluate(() => sessionStorage.length + localStorage.length)).to.equal(0)
    await page.reload()
    await page.locator(form).waitFor()
    expect(await page.locator('#memberId').inputValue()).to.equal('')
  })

  it('shows the way to the status page where nothing is asked any more, and to the clinic where it was tried too often', async () => {
    hub.fail('/api/intake/correction', 409, 'correction-closed')
    await page.goto(hub.url + link)
    await page.locator('h1:has-text("Nothing is to be changed now")').waitFor()
    expect(await page.locator('main a').getAttribute('href')).to.match(/\/status\/a-token-of-a-link\?lang=en$/)
    await open()
    hub.fail('/api/intake/correction', 409, 'too-many-corrections')
    await page.locator('#memberId').fill('HX99872')
    await send()
    await page.locator('h1:has-text("Please call the clinic")').waitFor()
    hub.fail('/api/intake/correction', 410, 'link-ended')
    await page.goto(hub.url + link)
    await page.locator('h1:has-text("This link has ended")').waitFor()
  })

  it('speaks Spanish when the status page did, and keeps what was typed when the language changes', async () => {
    await open(page, '?lang=es')
    expect(await page.locator('h1').innerText()).to.equal('Revise los datos de su seguro')
    expect(await page.evaluate(() => document.documentElement.lang)).to.equal('es')
    await page.locator('#memberId').fill('HX99872')
    await page.locator('header select').selectOption('en')
    expect(await page.locator('h1').innerText()).to.equal('Check your insurance details')
    expect(await page.locator('#memberId').inputValue()).to.equal('HX99872')
    await page.locator('header select').selectOption('es')
    await send()
    await page.waitForURL(/\/status\/token\?lang=es$/)
  })

  it('can be filled in with the keyboard alone', async () => {
    hub.data.correction.fields = ['memberId', 'payerId']
    await open()
    await focusOn(page.locator('h1'))
    await page.keyboard.press('Tab')
    await page.keyboard.type('HX99872')
    await page.keyboard.press('Enter')
    await page.waitForURL(/\/status\//)
    expect(sent()[0]?.body).to.deep.equal({ memberId: 'HX99872' })
  })

  for (const width of [320, 768, 1280])
    for (const dark of [false, true])
      it(`has no finding of axe and fits at ${width} px, ${dark ? 'dark' : 'light'}, with and without problems`, async () => {
        const own = await screens.browser.view({ width, dark })
        await open(own.page)
        expect(await axeFindings(own.page)).to.deep.equal([])
        expect(await overflowPx(own.page)).to.equal(0)
        await drawn(own.page)
        await shoot(own.page, `correction-${width}-${dark ? 'dark' : 'light'}`)
        await own.page.locator('#memberId').fill('no/such#id')
        await own.page.locator('#birthYear').fill('81')
        await send(own.page)
        await own.page.locator('[role=alert] li').first().waitFor()
        expect(await axeFindings(own.page)).to.deep.equal([])
        expect(await overflowPx(own.page)).to.equal(0)
        await shoot(own.page, `correction-problems-${width}-${dark ? 'dark' : 'light'}`)
        await own.close()
        expect(own.complaints).to.deep.equal([])
      })
})
