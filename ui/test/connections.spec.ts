import { adapters } from '@heliox/adapters/registry'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { z } from 'zod'
import type { AdapterView, ConnectionView } from '../src/client.gen.ts'
import { type Control, type FormSchema, shapeOf } from '../src/shared/schema.ts'
import { album } from './album.ts'
import { focusOn } from './browser.ts'
import type { FakeHub } from './fake-hub.ts'
import { soon } from './fake-kit.ts'
import { fakeScreens } from './screens.ts'

/** The shapes that the api gives out, of the partners there really are. */
const formOf = (shape: z.ZodObject): FormSchema => z.toJSONSchema(shape, { io: 'input' }) as FormSchema
const viewOf = (id: string): AdapterView => {
  const adapter = adapters.find((one) => one.id === id)
  if (!adapter) throw new Error(`no adapter ${id}`)
  const { title, config, secrets } = adapter
  const schemas = { configSchema: formOf(config) as Record<string, unknown>, secretsSchema: formOf(secrets) as Record<string, unknown> }
  return { id, title, ...schemas, secretNames: Object.keys(secrets.shape), operations: [] }
}
const ehr = { baseUrl: 'https://ehr.example/fhir/r4', identifierSystem: 'https://lakeside.example/ids', practiceName: 'Lakeside Clinic' }
const keysUrl = `https://hub.lakeside.example/api/keys/${'k'.repeat(43)}/jwks.json`
const hookUrl = `https://hub.lakeside.example/hooks/stripe/${'h'.repeat(32)}`
const connection = (adapterId: string, change: Partial<ConnectionView>): ConnectionView => ({
  ...{ adapterId, config: {}, secretNames: [], updatedAt: soon(-50), hookUrl: null, keysUrl: null },
  ...change,
})
const partners = (hub: FakeHub, ...connections: ConnectionView[]): void => {
  hub.data.adapters = ['fhir', 'mail', 'stripe', 'twilio'].map(viewOf)
  hub.data.connections = connections
}
const signed = connection('fhir', {
  config: { ...ehr, auth: { kind: 'smart-backend', clientId: 'hub', scope: 'system/*.crus' } },
  secretNames: ['signingKeys'],
})
const texts = { accountSid: `AC${'1'.repeat(32)}`, apiKeySid: `SK${'1'.repeat(32)}`, sender: '+13125550142', webhooks: true }
const till = { apiBase: 'https://api.stripe.example', publishableKey: 'pk_test_1', scriptUrl: 'https://js.stripe.com/v3', webhooks: true }

describe('the form of a partner', () => {
  for (const { id, config, secrets } of adapters)
    it(`${id}: every setting and every secret has a control, none is typed as JSON`, () => {
      for (const root of [formOf(config), formOf(secrets)]) expect(controlsOf(root, root, id).filter(([, is]) => is === 'json')).to.deep.equal([])
    })
})
function controlsOf(schema: FormSchema, root: FormSchema, at: string): [string, Control['is']][] {
  const { control } = shapeOf(schema, root)
  const inner = {
    object: () => (control.is === 'object' ? control.properties.flatMap(([name, part]) => controlsOf(part, root, `${at}.${name}`)) : []),
    variants: () => (control.is === 'variants' ? control.variants.flatMap((one) => controlsOf(one.schema, root, `${at}.${one.value}`)) : []),
    list: () => (control.is === 'list' ? controlsOf(control.items, root, `${at}.0`) : []),
  }
  const deeper = control.is in inner ? inner[control.is as keyof typeof inner]() : []
  return [[at, control.is], ...deeper]
}

describe('a connection in a browser', function () {
  const screens = fakeScreens(this)
  const { open } = screens
  const saved = (): unknown => screens.calls('PUT', '/api/admin/connections/').map(({ body }) => (body as { config: unknown }).config)
  const save = (): Promise<void> => screens.page.getByRole('button', { name: 'Save the connection' }).click()

  it('asks how to show who we are, then for what that needs, and sends only that', async () => {
    partners(screens.hub, connection('fhir', { config: ehr, secretNames: ['token'] }))
    const { page } = screens
    await open('/admin/connections/fhir')
    expect(await page.getByLabel('Fixed token').isChecked(), 'as it is where nothing is set').to.equal(true)
    expect(await page.getByLabel('Client id').count()).to.equal(0)
    await page.getByLabel('SMART backend services').check()
    await page.getByLabel('Client id').fill('hub-at-lakeside')
    await save()
    await page.getByRole('link', { name: 'Enter Scopes' }).click()
    await focusOn(page.locator('[id="config.auth.scope"]'))
    expect(saved()).to.deep.equal([])

    // There and back: nothing is typed twice, and nothing of the other choice is sent.
    await page.getByLabel('Fixed token').check()
    await page.getByLabel('SMART backend services').check()
    expect(await page.getByLabel('Client id').inputValue()).to.equal('hub-at-lakeside')
    await page.getByLabel('Scopes').fill('system/Patient.crus system/Coverage.crus')
    await save()
    await page.getByText('Saved. The next call to this partner uses it.').waitFor()
    const rest = { ...ehr, usCore: 'none', withoutTransactions: 'refuse', writesEligibility: false, readsAppointments: false, booksVisits: false }
    const auth = { kind: 'smart-backend', clientId: 'hub-at-lakeside', scope: 'system/Patient.crus system/Coverage.crus' }
    await page.getByLabel('Fixed token').check()
    await save()
    await page.getByText('Saved. The next call to this partner uses it.').waitFor()
    expect(saved()).to.deep.equal([
      { ...rest, auth },
      { ...rest, auth: { kind: 'bearer' } },
    ])
  })

  it('takes a mail server with what it needs, and sends nothing for what was left open', async () => {
    partners(screens.hub)
    const { page } = screens
    await open('/admin/connections/mail')
    expect(await page.getByLabel('starttls', { exact: true }).isChecked(), 'encrypted where nothing is set').to.equal(true)
    await save()
    await page.getByRole('link', { name: 'Enter Sender’s name' }).click()
    await focusOn(page.locator('[id="config.fromName"]'))
    await page.getByLabel('Mail server (SMTP)').fill('smtp.lakeside.example')
    await page.getByLabel('User name').fill('hub')
    await page.getByLabel('Sender’s address').fill('no-reply@lakeside.example')
    await page.getByLabel('Sender’s name').fill('Lakeside Clinic')
    await page.getByLabel('Password').fill('word-of-the-hub')
    await save()
    await page.getByText('Saved. The next call to this partner uses it.').waitFor()
    expect(screens.calls('PUT', '/api/admin/connections/mail').map(({ body }) => body)).to.deep.equal([
      {
        config: {
          ...{ host: 'smtp.lakeside.example', port: 587, security: 'starttls', user: 'hub' },
          ...{ fromAddress: 'no-reply@lakeside.example', fromName: 'Lakeside Clinic' },
        },
        secrets: { password: 'word-of-the-hub' },
      },
    ])
  })

  it('shows beside the field what the api refuses of the choice', async () => {
    partners(screens.hub, signed)
    const { page, hub } = screens
    hub.fail('/api/admin/connections/fhir', 400, 'invalid', 1, [{ path: 'config.auth.tokenUrl', message: 'must be https' }])
    await open('/admin/connections/fhir')
    await page.getByLabel('Token address').fill('http://ehr.example/token')
    await save()
    await page.getByRole('link', { name: /must be https/ }).click()
    await focusOn(page.locator('[id="config.auth.tokenUrl"]'))
  })

  it('shows the address of our keys and the one for notices, ready to copy, to whom it concerns', async () => {
    partners(screens.hub, { ...signed, keysUrl }, connection('stripe', { config: till, secretNames: ['secretKey', 'webhookSecret'], hookUrl }))
    const { page } = screens
    const copied = (): Promise<string> => page.evaluate(() => navigator.clipboard.readText())
    await open('/admin/connections/fhir')
    await page.getByRole('button', { name: 'Copy the keys’ address' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await copied()).to.equal(keysUrl)
    expect(await page.getByLabel('Address for notices').count()).to.equal(0)
    await open('/admin/connections/stripe')
    await page.getByRole('button', { name: 'Copy the address' }).click()
    await page.getByRole('button', { name: 'Copied' }).waitFor()
    expect(await copied()).to.equal(hookUrl)
    expect(await page.getByLabel('Address for notices').inputValue()).to.equal(hookUrl)
    partners(screens.hub, connection('stripe', { config: till, secretNames: ['secretKey'] }))
    await page.reload()
    await page.getByRole('heading', { name: 'Settings' }).waitFor()
    expect(await page.getByText('To be entered at the partner').count()).to.equal(0)
  })
})

const heading = (page: Page): Promise<void> => page.getByRole('heading', { name: 'To be entered at the partner' }).waitFor()
album('connections', [
  { name: 'admin-connection-ehr', path: '/admin/connections/fhir', prepare: (hub) => partners(hub, { ...signed, keysUrl }), drive: heading },
  {
    name: 'admin-connection-ehr-new',
    path: '/admin/connections/fhir',
    prepare: (hub) => partners(hub),
    drive: async (page) => {
      await page.getByLabel('SMART backend services').check()
      await page.getByRole('button', { name: 'Save the connection' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
  {
    name: 'admin-connection-stripe',
    path: '/admin/connections/stripe',
    prepare: (hub) => partners(hub, connection('stripe', { config: till, secretNames: ['secretKey', 'webhookSecret'], hookUrl })),
    drive: heading,
  },
  {
    name: 'admin-connection-texts',
    path: '/admin/connections/twilio',
    prepare: (hub) =>
      partners(hub, connection('twilio', { config: texts, secretNames: ['apiKeySecret', 'webhookToken'], hookUrl: hookUrl.replace('stripe', 'twilio') })),
    drive: heading,
  },
  {
    name: 'admin-connection-mail-new',
    path: '/admin/connections/mail',
    prepare: (hub) => partners(hub),
    drive: async (page) => {
      await page.getByRole('button', { name: 'Save the connection' }).click()
      await page.getByRole('alert').waitFor()
    },
  },
])
