import { createHash, randomBytes } from 'node:crypto'
import sharp from 'sharp'
import { type BenchLine, printLine } from '../../../docker/local/bench-line.ts'
import { silent } from '../../../docker/local/progress.ts'
import { startStack } from '../../../docker/local/stack.ts'
import { Patient, Staff } from '../../demo/hub-client.ts'
import { people } from '../../demo/people.ts'
import { sendForm, visitAt } from '../../demo/walk.ts'
import { withApiAlone } from '../api-alone.ts'
import { atRate, percentile } from '../rate.ts'

/**
 * How long a patient waits for the signed URLs of a photo, and how long a photo takes from its first byte until the desk could look at it. The
 * first is the api and its database alone, over HTTP; the second is everything: the store with its check of signatures, relay, bus, engine, the
 * embedded scanner and the decoder's process. `BENCH_QUICK=1` takes fewer rounds.
 */
const quick = process.env.BENCH_QUICK === '1'
const startedMs = performance.now()
const progress = (text: string) => process.stderr.write(`${((performance.now() - startedMs) / 1000).toFixed(1).padStart(6)} s  ${text}\n`)
const say = (line: BenchLine): void => void process.stdout.write(`${printLine(line)}\n`)
const median = (values: readonly number[]): number => percentile(values, 0.5)

const perSecond = 20
const seconds = quick ? 2 : 5
const rounds = quick ? 2 : 4
/** As large as the page makes a photo at most: a signature for each of its parts. */
const photoBytes = 3 * 1024 * 1024
/** A form has eight places; a new photo takes one. */
const photosPerForm = 8

await withApiAlone('bench-sign', async ({ url, cpuMs }) => {
  const asked = perSecond * seconds * (rounds + 1)
  progress(`booking ${Math.ceil(asked / photosPerForm)} visits`)
  const desk = await Staff.signIn(url, 'desk@lakeside.example')
  const links: string[] = []
  for (let n = 0; n * photosPerForm < asked; n += 1) {
    const { patientUrl } = await desk.createVisit(visitAt(n % 24), 'Dr Okafor')
    const token = new URL(patientUrl).pathname.split('/').at(-1) ?? ''
    for (let place = 0; place < photosPerForm; place += 1) links.push(token)
  }
  const ask = async (): Promise<void> => {
    const body = { kind: 'card-front', contentType: 'image/jpeg', bytes: photoBytes, sha256: createHash('sha256').update(randomBytes(16)).digest('hex') }
    const token = links.pop()
    // One patient an address: behind a proxy each has their own, and the limit of one is not what is measured.
    const headers = {
      authorization: `Intake ${token}`,
      'content-type': 'application/json',
      'x-forwarded-for': `10.1.${links.length >> 8}.${links.length & 255}`,
    }
    const answer = await fetch(`${url}/api/intake/uploads`, { method: 'POST', headers, body: JSON.stringify(body), signal: AbortSignal.timeout(20_000) })
    const ticket = (await answer.json()) as { parts?: { putUrl: string | null }[] }
    if (answer.status !== 201 || ticket.parts?.length !== 12) throw new Error(`no ticket: ${answer.status}`)
  }
  const p95s: number[] = []
  for (let round = 0; round <= rounds; round += 1) {
    const cpuBeforeMs = cpuMs()
    const times = await atRate(perSecond, seconds, ask)
    const workedMs = (cpuMs() - cpuBeforeMs) / times.length
    progress(
      `${round === 0 ? 'warm ' : 'round'} sign, 12 parts  p50 ${percentile(times, 0.5).toFixed(1)}  p95 ${percentile(times, 0.95).toFixed(1)}  p99 ${percentile(times, 0.99).toFixed(1)} ms  api ${workedMs.toFixed(1)} ms of CPU each`,
    )
    if (round > 0) p95s.push(percentile(times, 0.95))
  }
  say({ name: 'patient.sign', value: median(p95s), unit: 'ms', goal: { op: '<=', limit: 20 } })
})

/** As a phone makes it: twelve megapixels, lying on its side, five megabytes. */
async function fiveMegabytes(): Promise<Buffer> {
  const grain = await sharp({ create: { width: 2016, height: 1512, channels: 3, background: '#888', noise: { type: 'gaussian', mean: 128, sigma: 30 } } })
    .png()
    .toBuffer()
  const photo = await sharp(grain).resize(4032, 3024).withMetadata({ orientation: 6 }).jpeg({ quality: 91 }).toBuffer()
  // The last bytes of its kind: what follows the picture is not looked at.
  return Buffer.concat([photo, Buffer.alloc(Math.max(0, 5_000_000 - photo.length))])
}

const stack = await startStack({ kind: 'throw-away', bus: 'postgres', progress: silent })
try {
  const photo = await fiveMegabytes()
  progress(`a photo of ${(photo.length / 1e6).toFixed(1)} MB`)
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const times: number[] = []
  for (let round = 0; round <= (quick ? 3 : 9); round += 1) {
    const { intakeId, patientUrl } = await desk.createVisit(visitAt(round), 'Dr Okafor')
    // No two are the same file: a scanner may remember one.
    const own = Buffer.concat([photo, randomBytes(8)])
    const patient = new Patient(patientUrl)
    const beganMs = performance.now()
    const uploadId = await patient.sendPhoto('card-front', own)
    const sentMs = performance.now()
    for (;;) {
      const found = (await desk.photos(intakeId)).find(({ id }) => id === uploadId)
      if (found?.status === 'clean') break
      if (found?.status === 'rejected' || performance.now() - beganMs > 60_000) throw new Error(`the photo is ${found?.status}`)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    const endedMs = performance.now()
    progress(
      `${round === 0 ? 'warm ' : 'round'} photo  sent ${(sentMs - beganMs).toFixed(0)}  cleared ${(endedMs - sentMs).toFixed(0)}  in all ${(endedMs - beganMs).toFixed(0)} ms`,
    )
    if (round > 0) times.push(endedMs - beganMs)
    const [person] = people
    if (round > 0 || !person) continue
    // The desk opens no photo of a form that was not sent.
    await sendForm(stack.urls, patient, person, [uploadId])
    if ((await desk.photo(uploadId)).subarray(0, 2).toString('hex') !== 'ffd8') throw new Error('the copy is no JPEG')
  }
  say({ name: 'patient.photo', value: median(times), unit: 'ms', goal: { op: '<=', limit: 3_000 } })
} finally {
  await stack.stop()
}
