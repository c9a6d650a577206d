import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import type { PatientMoney, PaymentStore, PlanView } from '@heliox/core/ports'
import { expect } from 'chai'
import type { FastifyInstance } from 'fastify'
import { type Browser, chromium, type Page } from 'playwright-core'
import { axeFindings } from '../ui/test/looks.ts'
import { buildApp } from './app.ts'
import { makeWorld } from './testing/fakes.ts'

const chromiumPath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const bank = 'https://bank.example/3ds?secret=abc'
const plan: PlanView = {
  ...{ id: randomUUID(), status: 'proposed', totalMinor: 7500, currency: 'USD', proposedAt: '2026-01-05T12:00:00.000Z', agreedAt: null },
  instalments: [
    { number: 1, dueOn: '2026-03-02', amountMinor: 5000, status: 'waiting' },
    { number: 2, dueOn: '2026-04-02', amountMinor: 2500, status: 'waiting' },
  ],
}

describe('money on the patient’s own page', function () {
  this.timeout(60_000)
  let browser: Browser
  let app: FastifyInstance
  let agreed: Parameters<PaymentStore['agreePlan']>[1][]
  let path: string
  let asked: Partial<PatientMoney> = {}
  let chargePage: string | undefined
  let logLines: string[]
  let changed: () => void
  before(async function () {
    if (!existsSync(chromiumPath)) this.skip()
    browser = await chromium.launch({ executablePath: chromiumPath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] })
  })
  after(() => browser?.close())
  beforeEach(async () => {
    const world = makeWorld()
    agreed = []
    asked = {}
    chargePage = bank
    const payments: PaymentStore = {
      ...world.deps.payments,
      ofPatient: async () => ({
        confirm: true,
        method: null,
        charge: null,
        asked: null,
        moves: [],
        nextPart: null,
        plan: agreed.length > 0 ? null : plan,
        ...asked,
      }),
      chargeUrl: async () => chargePage,
      confirmationUrl: async () => bank,
      agreePlan: async (_link, words) => {
        agreed.push(words)
        return 'agreed'
      },
    }
    app = await buildApp({ ...world.deps, payments })
    const { token, facts } = world.link({ status: 'submitted' })
    Object.assign(world.journeys.get(facts.intakeId) ?? {}, { eligibility: 'confirmed', payment: 'needs-you' })
    path = token
    changed = () => world.journeyChanged({ tenantId: facts.tenantId, intakeId: facts.intakeId })
    logLines = world.logLines
  })
  afterEach(() => app?.close())
  async function withPage(look: (page: Page, url: string) => Promise<void>, javaScriptEnabled = true): Promise<void> {
    const base = await app.listen({ host: '127.0.0.1', port: 0 })
    const context = await browser.newContext({ viewport: { width: 320, height: 640 }, javaScriptEnabled })
    try {
      await look(await context.newPage(), `${base}/status/${path}`)
    } finally {
      await context.close()
    }
  }

  it('leads to the bank’s page, whose address stands in no page and no log', async () => {
    const page = await app.inject({ url: `/status/${path}` })
    expect(page.body).to.include(`/confirm/${path}`).and.include('Confirm with my bank').and.include('on your bank’s own page').and.not.include('bank.example')
    const answer = await app.inject({ url: `/confirm/${path}` })
    expect([answer.statusCode, answer.headers.location, answer.headers['cache-control'], answer.headers['referrer-policy']]).to.deep.equal([
      303,
      bank,
      'no-store',
      'no-referrer',
    ])
    expect((await app.inject({ url: '/confirm/not-a-token-of-anybody-00000' })).statusCode).to.equal(404)
    expect(logLines.join('\n')).to.not.include('bank.example').and.not.include(path)
  })

  it('knows nobody when the bank sends them back', async () => {
    const answer = await app.inject({ url: '/confirmed?setup_intent=seti_1&setup_intent_client_secret=very_secret', headers: { 'accept-language': 'es' } })
    expect(answer.statusCode).to.equal(200)
    expect(answer.body).to.include('Gracias').and.not.include('seti_1')
    expect(logLines.join('\n')).to.not.include('very_secret')
  })

  it('shows a plan whole, agrees to exactly these words with one click, and is clean at 320 px', () =>
    withPage(async (page, url) => {
      await page.goto(url)
      await page.getByText('March 2, 2026: $50.00').waitFor()
      await page.getByText('In all $75.00, and never more.').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320)
      expect(await axeFindings(page)).to.deep.equal([])
      const status = await app.inject({ url: '/api/intake/status', headers: { authorization: `Intake ${path}` } })
      await page.getByRole('button', { name: 'I agree to this plan' }).click()
      await page.getByText('You agreed to this plan.').waitFor()
      expect(agreed).to.deep.equal([{ planId: plan.id, termsSha256: status.json().plan.terms.en.sha256, language: 'en' }])
    }))

  it('leads to the bank for a payment, and to a page for another card, and says that a plan is over', () =>
    withPage(async (page, url) => {
      asked = {
        charge: { amountMinor: 2500, currency: 'USD', until: '2026-01-12T12:00:00.000Z' },
        asked: { offer: 'declined' },
        plan: { ...plan, status: 'expired' },
      }
      for (const [language, amount] of [
        ['en', 'Confirm the payment of $25.00'],
        ['es', 'Confirmar el pago de'],
      ] as const) {
        await page.goto(`${url}?lang=${language}`)
        expect(await page.getByRole('link', { name: amount }).getAttribute('href')).to.equal(`/confirm-charge/${path}`)
        expect(await page.locator(`a[href="/method/${path}?lang=${language}"]`).count()).to.equal(1)
        for (const width of [320, 1280]) {
          await page.setViewportSize({ width, height: 800 })
          expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(width)
          expect(await axeFindings(page)).to.deep.equal([])
          if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/status-${language}-${width}.png`, fullPage: true })
        }
      }
      await page.goto(url)
      await page.getByText('Its first day passed before you agreed').waitFor()
      expect(await page.getByRole('button', { name: 'I agree to this plan' }).count()).to.equal(0)
      const answer = await app.inject({ url: `/confirm-charge/${path}` })
      expect([answer.statusCode, answer.headers.location]).to.deep.equal([303, bank])
      expect((await app.inject({ url: `/status/${path}` })).body).to.not.include('bank.example')
    }))

  it('refuses in plain words where the payment was called off or is done, also from a page that was open before, in the clinic’s languages', () =>
    withPage(async (page, url) => {
      asked = { plan: null, charge: { amountMinor: 2500, currency: 'USD', until: '2026-01-12T12:00:00.000Z' } }
      await page.goto(url)
      chargePage = undefined
      await page.getByRole('link', { name: 'Confirm the payment of $25.00' }).click()
      await page.getByRole('heading', { name: 'There is no payment to confirm here any more' }).waitFor()
      await page.getByText('close it and do not confirm anything there').waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320)
      expect(await axeFindings(page)).to.deep.equal([])
      await page.getByRole('link', { name: 'Back to your visit' }).click()
      await page.waitForURL(/\/status\//)
      for (const [language, words] of Object.entries({ en: 'called off', es: 'Se anuló' })) {
        const answer = await app.inject({ url: `/confirm-charge/${path}?lang=${language}` })
        expect([answer.statusCode, answer.headers.location, answer.headers['cache-control']]).to.deep.equal([409, undefined, 'no-store'])
        expect(answer.body).to.include(words).and.not.include('bank.example')
      }
    }))

  const moves: PatientMoney['moves'] = [
    { is: 'refund', state: 'under-way', amountMinor: 1000, currency: 'USD', at: '2026-01-07T15:00:00.000Z' },
    { is: 'charge', state: 'done', amountMinor: 2500, currency: 'USD', at: '2026-01-06T15:00:00.000Z' },
  ]
  it('shows by itself what was charged, what goes back and what comes next, and a charge to confirm', () =>
    withPage(async (page, url) => {
      asked = { plan: null }
      await page.goto(url)
      await page.getByText('This page updates by itself.').waitFor()
      expect(await page.getByRole('heading', { name: 'Payments' }).count()).to.equal(0)
      asked = {
        ...{ plan: null, moves, nextPart: { amountMinor: 5000, currency: 'USD', dueOn: '2026-03-02' } },
        charge: { amountMinor: 700, currency: 'USD', until: '2026-01-12T12:00:00.000Z' },
      }
      changed()
      await page.getByText('$25.00 was charged on January 6, 2026.').waitFor()
      await page.getByText('$10.00 is on its way back to you.').waitFor()
      await page.getByText('Next part of your payment plan: $50.00 on March 2, 2026.').waitFor()
      await page.getByRole('link', { name: 'Confirm the payment of $7.00' }).waitFor()
      expect(await page.evaluate('document.documentElement.scrollWidth')).to.equal(320)
      expect(await axeFindings(page)).to.deep.equal([])
    }))

  it('shows the same after a reload where there is no script', () =>
    withPage(async (page, url) => {
      asked = { plan: null }
      await page.goto(url)
      expect(await page.getByText('was charged on').count()).to.equal(0)
      asked = { plan: null, moves }
      await page.reload()
      await page.getByText('$25.00 was charged on January 6, 2026.').waitFor()
    }, false))

  it('says that it no longer updates by itself once nothing reaches it, and goes on when it is back', () =>
    withPage(async (page, url) => {
      await page.goto(url)
      const live = page.getByText('This page updates by itself.')
      await live.waitFor()
      let away = true
      await page.route('**/api/intake/status/stream', (route) => (away ? route.abort() : route.continue()))
      await page.evaluate("window.dispatchEvent(new Event('online'))")
      await page.getByText('Reload this page to see what has changed.').waitFor()
      away = false
      await page.evaluate("window.dispatchEvent(new Event('online'))")
      await live.waitFor()
    }))

  it('names a phone number where the browser cannot agree', () =>
    withPage(async (page, url) => {
      await page.goto(url)
      await page.getByText('To agree, call').waitFor()
      expect(await page.getByRole('button', { name: 'I agree to this plan' }).count()).to.equal(0)
    }, false))
})
