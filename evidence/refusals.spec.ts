import { randomUUID } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { expect } from 'chai'
import { silent } from '../docker/local/progress.ts'
import { type Stack, startStack } from '../docker/local/stack.ts'
import { HubRefused, Patient, Staff } from './demo/hub-client.ts'
import { people, somebody } from './demo/people.ts'
import { cardPhoto } from './demo/photo.ts'
import { effects } from './demo/simulators.ts'
import { finished, sendForm, until, visitAt, walkIntake } from './demo/walk.ts'

/** What the hub refuses, from outside, on real processes; and that a patient's data is in no log of any process afterwards. */
const canaries = { givenName: 'Zorblattina', familyName: 'Quixenhammer', memberId: 'CANARY987654', phone: '+1 512 555 7391', email: 'zorblattina@example.com' }

async function refusal(attempt: Promise<unknown>): Promise<HubRefused> {
  try {
    await attempt
  } catch (error) {
    if (error instanceof HubRefused) return error
    throw error
  }
  throw new Error('it was not refused')
}

describe('what the hub refuses', function () {
  this.timeout(240_000)
  let stack: Stack | undefined
  let desk: Staff
  const urls = () => {
    if (!stack) throw new Error('the stack did not start')
    return stack.urls
  }
  const person = {
    title: 'canary',
    card: '4242424242424242',
    expect: { coverage: 'active', needsOps: false } as const,
    answers: { ...people[0]?.answers, ...canaries },
  }

  before(async () => {
    stack = await startStack({
      kind: 'throw-away',
      bus: 'postgres',
      progress: silent,
      extra: { api: { HUB_LOG_LEVEL: 'debug' }, engine: { HUB_LOG_LEVEL: 'debug' }, relay: { HUB_LOG_LEVEL: 'debug' } },
    })
    desk = await Staff.signIn(urls().public, 'desk@lakeside.example')
  })
  after(() => stack?.stop())

  it('refuses a card number wherever it is typed, and nothing is stored', async () => {
    const { patientUrl } = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const patient = new Patient(patientUrl)
    const view = await patient.open()
    const submission = (answers: Record<string, unknown>) => ({
      answers,
      consents: view.consentTexts.en.map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true })),
      signature: { typedName: 'Zorblattina', language: 'en', drawing: null, accessCode: view.accessCode },
      uploadIds: [],
      confirmationTokenId: null,
    })
    const error = await refusal(patient.submit(submission({ ...person.answers, groupNumber: '4242 4242 4242 4242' }), randomUUID()))
    expect([error.status, error.code]).to.deep.equal([400, 'card-number-refused'])
    expect(error.message).not.to.include('4242')
    expect((await patient.open()).status).to.equal('opened')
  })

  it('never serves a photo that holds malware, and says so to the front desk', async () => {
    const { intakeId, patientUrl } = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const patient = new Patient(patientUrl)
    // The EICAR test file, put together here so that no scanner takes this source for it; behind a real picture.
    const eicar = ['X5O!P%@AP[4', '\\PZX54(P^)7CC)7}$EICAR-STANDARD', '-ANTIVIRUS-TEST-FILE!$H+H*'].join('')
    const uploadId = await patient.sendPhoto('card-front', Buffer.concat([await cardPhoto('x'), Buffer.from(eicar)]))
    const photo = await until('the verdict', 60, async () => (await desk.photos(intakeId)).find((p) => p.id === uploadId && p.status !== 'quarantined'))
    expect(photo.status).to.equal('rejected')
    expect((await refusal(desk.photo(uploadId))).status).to.equal(404)
  })

  it('serves a clean photo without its place, and not before its form was sent', async () => {
    const { intakeId, patientUrl } = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const patient = new Patient(patientUrl)
    const original = await cardPhoto('with a place')
    expect(original.includes(Buffer.from('Exif'))).to.equal(true)
    const uploadId = await patient.sendPhoto('card-front', original)
    await until('the verdict', 60, async () => (await desk.photos(intakeId)).find((p) => p.id === uploadId && p.status === 'clean'))
    const early = await refusal(desk.photo(uploadId))
    expect([early.status, early.code]).to.deep.equal([409, 'form-not-sent'])
    // Somebody else than below: whose name is in the chart already is chosen by a person.
    await sendForm(urls(), patient, somebody(), [uploadId])
    const served = await desk.photo(uploadId)
    expect(served.subarray(0, 3)).to.deep.equal(Buffer.from([0xff, 0xd8, 0xff]))
    expect(served.includes(Buffer.from('Exif'))).to.equal(false)
  })

  it('shows a foreign clinic nothing, and an unknown link nothing', async () => {
    const { intakeId } = await desk.createVisit(visitAt(0), 'Dr Okafor')
    expect((await refusal(Staff.signIn(urls().public, 'ops@rhein.example', 'rhein'))).status).to.be.oneOf([401, 421])
    const unknown = await refusal(new Patient(`${urls().public}/i/${'a'.repeat(43)}`).open())
    expect(unknown.status).to.equal(404)
    const ops = await Staff.signIn(urls().public, 'ops@lakeside.example')
    expect((await refusal(ops.journey(randomUUID()))).status).to.equal(404)
    expect((await refusal(desk.overrides())).status).to.equal(403)
    expect(intakeId).to.be.a('string')
  })

  it('writes nothing of a patient into any log of any process, from submit to chart', async () => {
    const ops = await Staff.signIn(urls().public, 'ops@lakeside.example')
    const walked = await walkIntake(urls(), desk, person, 0)
    await finished(ops, walked.intakeId, 2, 90)
    expect((await effects(urls().fhir)).writeVisit?.count ?? 0).to.be.greaterThan(0)
    const folder = `${stack?.folder}/logs`
    const ours = readdirSync(folder).filter((name) => /^(api|relay|engine|migrate)/.test(name))
    expect(ours.length).to.equal(4)
    for (const name of ours) {
      const log = readFileSync(`${folder}/${name}`, 'utf8')
      expect(log.length, name).to.be.greaterThan(20)
      for (const canary of Object.values(canaries)) expect(log.includes(canary), `${canary} in ${name}`).to.equal(false)
      expect(/"[A-Za-z0-9_-]{43}"|\/i\/[A-Za-z0-9_-]{20,}/.test(log.replace(/"traceparent":"[^"]*"/g, '')), `a link token in ${name}`).to.equal(false)
    }
  })
})
