import { Staff, type Timeline } from './hub-client.ts'
import { people } from './people.ts'
import { beyondOne, chartsInEhr, effects, keptAndTaken, peopleInEhr, putChart } from './simulators.ts'
import { chooseChart, finished, resolveByHand, type Urls, walkIntake } from './walk.ts'

interface DemoResult {
  line: string
  ok: boolean
}

const wanted = 'intakes=4 eligibility=3 overrides=1 chosen=1 charts=4 ehr=4 payments=4 scans=8 duplicates=0'

/** The main job, from outside: four intakes, counted at the partners. One patient has a chart already. Prints a timeline for each. */
export async function runDemo(urls: Urls, print: (line: string) => void): Promise<DemoResult> {
  const desk = await Staff.signIn(urls.public, 'desk@lakeside.example')
  const ops = await Staff.signIn(urls.public, 'ops@lakeside.example')
  let intakes = 0
  let overrides = 0
  let chosen = 0
  const walk = async (person: (typeof people)[number], index: number): Promise<void> => {
    const before = person.chart && (await putChart(urls.fhir, person.answers, person.chart))
    const walked = await walkIntake(urls, desk, person, index)
    intakes += 1
    if (person.expect.needsOps) {
      await resolveByHand(ops, walked.intakeId, 90)
      overrides += 1
    }
    const choice = person.chart && (await chooseChart(ops, walked.intakeId, 90))
    const timeline = await finished(ops, walked.intakeId, 2, 90)
    printTimeline(print, `${walked.reference}  ${person.title}`, timeline)
    if (!choice || !before || !person.chart) return
    const { mrn } = person.chart
    const chart = (await chartsInEhr(urls.fhir)).find(({ id }) => id === before.id)
    const right = choice.ref === `Patient/${before.id}` && chart !== undefined && keptAndTaken(chart, mrn)
    if (right) chosen += 1
    const became = right ? 'chosen, and written into: its own number and entries are there still' : 'NOT kept as it was'
    print(`  the chart ${mrn} was found (other: ${choice.differs.join(', ')}), ${became}`)
  }
  await Promise.all(people.map(walk))

  const [clearinghouse, fhir, stripe, scanner, twilio, mail, inEhr, charts] = await Promise.all([
    effects(urls.clearinghouse),
    effects(urls.fhir),
    effects(urls.stripe),
    effects(urls.scanner),
    effects(urls.twilio),
    effects(urls.mail),
    peopleInEhr(urls.fhir),
    chartsInEhr(urls.fhir),
  ])
  const statuses = Object.values(inEhr)
    .filter((p) => p.patients === 1 && p.coverages.length === 1 && p.appointments === 1)
    .map((p) => [p.coverages[0]?.status, ...(p.seconds ?? []).map(({ status }) => status)].join(', then '))
    .sort()
  const expected = people.map(({ expect: { coverage, second } }) => [coverage, ...(second ? [second] : [])].join(', then ')).sort()
  const ehr = JSON.stringify(statuses) === JSON.stringify(expected) && Object.keys(inEhr).length === people.length ? people.length : 0
  const count = (all: Awaited<ReturnType<typeof effects>>, operation: string) => Object.keys(all[operation]?.byKey ?? {}).length
  const duplicates = [clearinghouse, fhir, stripe, scanner, twilio, mail].reduce((n, all) => n + beyondOne(all), 0)
  const counted =
    `intakes=${intakes} eligibility=${count(clearinghouse, 'checkEligibility')} overrides=${overrides} chosen=${chosen} charts=${charts.length} ehr=${ehr} ` +
    `payments=${count(stripe, 'storeCard')} scans=${count(scanner, 'clearUpload')} duplicates=${duplicates}`
  const ok = counted === wanted
  return { ok, line: ok ? `demo ok ${counted}` : `demo short ${counted} (wanted ${wanted})` }
}

function printTimeline(print: (line: string) => void, title: string, timeline: Timeline): void {
  const rows = timeline.steps.map((s) => [
    s.sinceSubmitMs === null ? 'before' : `${s.sinceSubmitMs >= 0 ? '+' : ''}${s.sinceSubmitMs} ms`,
    s.step,
    s.process,
    [s.outcome, s.durationMs === null ? null : `took ${s.durationMs} ms`].filter(Boolean).join(', '),
  ])
  const widths = [0, 1, 2].map((i) => Math.max(...rows.map((r) => (r[i] ?? '').length)))
  const { journey } = timeline
  print('')
  print(`${title}: insurance ${journey.eligibility}, card ${journey.payment}, chart ${journey.writeback}, photos ${journey.photosClean} clean`)
  for (const [at = '', step = '', process = '', outcome = ''] of rows) {
    print(`  ${at.padStart(widths[0] ?? 0)}  ${step.padEnd(widths[1] ?? 0)}  ${process.padEnd(widths[2] ?? 0)}  ${outcome}`.trimEnd())
  }
}
