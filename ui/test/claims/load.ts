import type { ClaimLine } from '../../../docker/local/claim-line.ts'
import type { Stack } from '../../../docker/local/stack.ts'
import { percentile } from '../../../evidence/bench/rate.ts'
import { Staff } from '../../../evidence/demo/hub-client.ts'
import { visitAt } from '../../../evidence/demo/walk.ts'
import { type Browser, launch, type View } from '../browser.ts'
import { anotherPatient, fillIntake } from '../walk-intake.ts'

/** What Lighthouse calls a slow 4G line, and a phone that is four times slower than this machine. */
const line = { offline: false, latency: 150, downloadThroughput: (1_638.4 * 1024) / 8, uploadThroughput: (675 * 1024) / 8 }
const cpuTimes = 4
const loads = 9
const bytesMax = 120_000
const lcpMsMax = 2_000

/** The form at a running hub: how much script it takes from there over the whole form, and when a slow phone shows its first page. */
export async function claimLoad(stack: Stack): Promise<ClaimLine> {
  const desk = await Staff.signIn(stack.urls.public, 'desk@lakeside.example')
  const browser = await launch()
  try {
    const { patientUrl } = await desk.createVisit(visitAt(0), 'Dr Okafor')
    const times: number[] = []
    let first = 0
    for (let n = 0; n <= loads; n += 1) {
      const { lcpMs, bytes } = await load(browser, patientUrl)
      process.stderr.write(`load ${n}: first page after ${lcpMs.toFixed(0)} ms, ${bytes} B of script\n`)
      // The first load warms the api.
      if (n > 0) times.push(lcpMs)
      first = bytes
    }
    const jsBytes = await wholeForm(browser, patientUrl)
    const lcpP75Ms = Math.round(percentile(times, 0.75))
    const figures = { jsBytes, jsBytesFirstPage: first, bytesMax, loads, lcpP75Ms, lcpMsMax }
    return { name: 'patient.load', figures, ok: jsBytes > 0 && jsBytes <= bytesMax && lcpP75Ms <= lcpMsMax }
  } finally {
    await browser.close()
  }
}

/** When the browser had painted what is largest on the page, from the moment the patient asked for it. */
const largestPaint = `new Promise((resolve, reject) => {
  new PerformanceObserver((list) => resolve(list.getEntries().at(-1).startTime)).observe({ type: 'largest-contentful-paint', buffered: true })
  setTimeout(() => reject(new Error('the browser tells no largest paint')), 10000)
})`

/** Bytes of script as they come packed over the wire, without HTTP's headers, of our own address; the payment company's are its own. */
async function countScripts(view: View, origin: string): Promise<() => number> {
  const devtools = await view.page.context().newCDPSession(view.page)
  await devtools.send('Network.enable')
  let bytes = 0
  devtools.on('Network.responseReceived', ({ response, type }) => {
    if (type !== 'Script' || !response.url.startsWith(origin)) return
    const { 'content-length': length } = response.headers
    // Sent without its length it could be of any.
    bytes += length === undefined ? Number.NaN : Number(length)
  })
  return () => bytes
}

async function load(browser: Browser, patientUrl: string): Promise<{ lcpMs: number; bytes: number }> {
  const view = await browser.view({ width: 390 })
  try {
    const bytes = await countScripts(view, new URL(patientUrl).origin)
    const devtools = await view.page.context().newCDPSession(view.page)
    await devtools.send('Network.enable')
    await devtools.send('Network.emulateNetworkConditions', line)
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: cpuTimes })
    await view.page.goto(patientUrl, { waitUntil: 'commit' })
    await view.page.locator('main [data-step="start"] h1').waitFor()
    await view.page.waitForLoadState('networkidle')
    const lcpMs = await view.page.evaluate<number>(largestPaint)
    return { lcpMs, bytes: bytes() }
  } finally {
    await view.close()
  }
}

/** From the first page to "Check your answers": what comes later counts too. */
async function wholeForm(browser: Browser, patientUrl: string): Promise<number> {
  const view = await browser.view({ width: 390 })
  try {
    const bytes = await countScripts(view, new URL(patientUrl).origin)
    await view.page.goto(patientUrl)
    await fillIntake(view.page, anotherPatient())
    return bytes()
  } finally {
    await view.close()
  }
}
