import { createRequire } from 'node:module'
import { limits, sha256Hex } from '@heliox/core/kit'
import { expect } from 'chai'
import { type HubStack, startHubStack } from './testing/hub-stack.ts'
import type { TestProcess } from './testing/process.ts'

/** Photos through a real engine process while the scanner comes and goes. Needs TEST_DATABASE_URL. */
describe('hub/flows-runtime, photos', function () {
  this.timeout(240_000)
  let hub: HubStack
  let engine: TestProcess

  before(async () => {
    hub = await startHubStack()
    engine = await hub.startEngine()
  })
  after(() => hub?.close())

  const sharp = createRequire(new URL('../../adapters/package.json', import.meta.url))('sharp') as typeof import('sharp').default
  const photo = (background: string): Promise<Buffer> =>
    sharp({ create: { width: 400, height: 250, channels: 3, background } })
      .jpeg()
      .toBuffer()
  async function until<T>(what: string, look: () => Promise<T | undefined>, withinMs = 90_000): Promise<T> {
    const deadlineMs = performance.now() + withinMs
    for (;;) {
      const found = await look()
      if (found !== undefined) return found
      if (performance.now() > deadlineMs) throw new Error(`${what}\n${engine.output().slice(-4_000)}`)
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
  const uploads = (intakeId: string) => hub.stores.clinic.uploads(hub.tenantId, intakeId)

  for (const mode of ['drops', 'stalls'] as const) {
    it(`stay in quarantine while the scanner ${mode}, the patient goes on, operations sees it, and they are scanned when it is back`, async () => {
      await hub.fault('scanner', mode)
      const link = await hub.newLink()
      const ids = [await hub.putPhoto(link, 'card-front', await photo('#123456')), await hub.putPhoto(link, 'card-back', await photo('#654321'))]
      await hub.submit(link, { uploadIds: ids })
      const before = await until('the patient’s form goes its way without the photos', async () => {
        const found = await hub.journey(link.intakeId)
        return found?.journey.eligibility === 'confirmed' && found.journey.writeback === 'written' ? found : undefined
      })
      expect(before.journey).to.include({ intake: 'submitted', photosExpected: 2, photosClean: 0, photosRejected: 0 })
      await until('operations sees what waits, and why', async () => {
        const { items } = await hub.stores.queue.waiting(hub.tenantId, { limit: 10 })
        const waits = items.some(({ partner, intakeId }) => partner === 'scanner' && intakeId === link.intakeId)
        const incidents = await hub.count(
          "SELECT count(*) AS n FROM messaging.incidents WHERE kind = 'not-answering' AND partner = 'scanner' AND status = 'open'",
        )
        return waits && incidents === 1 ? true : undefined
      })
      for (const { id, status } of await uploads(link.intakeId)) {
        expect(status).to.equal('quarantined')
        expect(await hub.stores.clinic.cleanUpload(hub.tenantId, id)).to.equal(undefined)
        expect(await hub.objects.get('clean', `${hub.tenantId}/${id}`, limits.uploadBytesMax)).to.equal(undefined)
      }

      await hub.fault('scanner', 'answers')
      await until('both are clean', async () => ((await uploads(link.intakeId)).every(({ status }) => status === 'clean') ? true : undefined), 180_000)
      for (const id of ids) {
        const clean = await hub.stores.clinic.cleanUpload(hub.tenantId, id)
        if (!clean || clean === 'form-not-sent') throw new Error('not clean')
        for (const { key, sha256 } of [clean.photo, clean.thumb]) {
          const copy = await hub.objects.get('clean', key, limits.uploadBytesMax)
          expect(copy && sha256Hex(copy)).to.equal(sha256)
        }
      }
      expect(
        await hub.count(`SELECT count(*) AS n FROM messaging.overrides WHERE intake_id = '${link.intakeId}' AND flow = 'document-scan'`),
        'nobody had to act',
      ).to.equal(0)
    })
  }
})
