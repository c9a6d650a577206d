import { execFileSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { checkout } from '../../docker/local/state-folder.ts'
import { inFlightMin, legRuns, type Matrix, type Ran } from './matrix.ts'
import { barriersOf, fullRuns, pairName, pairs, processes, timesMin } from './schedule.ts'

/** One in which every pair must be met, and which is reported. */
export const isFull = (runs: number): boolean => runs >= fullRuns
/** Of all intakes: a hub that hands its work to people, or believes no payer, loses nothing either. A payer that was killed is doubted for a while. */
const shareMax = { withPeople: 0.01, doubted: 0.1 }

const timesOf = (ran: readonly Ran[]): Map<string, number> => {
  const times = new Map<string, number>()
  for (const run of ran) times.set(pairName(run), (times.get(pairName(run)) ?? 0) + 1)
  return times
}

/** What keeps it from being good; nothing: it is. */
export function shortcomings(matrix: Pick<Matrix, 'runs' | 'notMet' | 'intakes' | 'counted'>, wanted: number): string[] {
  const { counted, runs, notMet, intakes } = matrix
  const times = timesOf(runs)
  const seldom = isFull(wanted) ? pairs.map(pairName).filter((pair) => (times.get(pair) ?? 0) < timesMin) : []
  const few = runs.filter(({ inFlight }) => inFlight < inFlightMin)
  return [
    ...counted.detail,
    ...(counted.detail.length === 0 && counted.lost + counted.duplicated + counted.phantom > 0 ? ['counted, and not told what'] : []),
    ...(counted.withPeople > intakes * shareMax.withPeople ? [`${counted.withPeople} of ${intakes} intakes wait for a person`] : []),
    ...(counted.doubted > intakes * shareMax.doubted ? [`${counted.doubted} of ${intakes} intakes wait for an answer that is believed`] : []),
    ...notMet.map((pair) => `${pair}: nobody came to the barrier`),
    ...seldom.map((pair) => `${pair}: met ${times.get(pair) ?? 0} times, not ${timesMin}`),
    ...few.map((run) => `${pairName(run)}: ${run.inFlight} intakes in flight, not ${inFlightMin}`),
    ...(runs.length + notMet.length < wanted ? [`${wanted - runs.length - notMet.length} of ${wanted} runs were not made`] : []),
  ]
}

export const lastLine = ({ runs, seed, counted: { lost, duplicated, phantom } }: Pick<Matrix, 'runs' | 'seed' | 'counted'>): string =>
  `crash-matrix runs=${runs.length} seed=${seed} lost=${lost} duplicated=${duplicated} phantom=${phantom}`

/** The report: the same matrix is the same text. `on` says where and from what it was made. */
export function reportOf(matrix: Matrix, wanted: number, on: { commit: string; machine: string; date: string }): string {
  const { runs, intakes, counted, drainsMs, seconds } = matrix
  const times = timesOf(runs)
  const barriers = Object.values(barriersOf).flat()
  const short = shortcomings(matrix, wanted)
  const ms = (value: number): string => `${Math.round(value)} ms`
  const most = (of: readonly number[]): number => Math.max(0, ...of)
  return `${[
    '# Crash matrix',
    '',
    '`npm run -s hub -- chaos crash-matrix` writes this file. A run: patients submit at once, somebody comes to the barrier and stands still with eight or more in flight, the',
    'process of the column is killed with -9, the one that stood goes on, and the killed one is started again; the next run does not wait for the rest.',
    `Every ${legRuns} runs everything must come to its end, and all effects since the start are counted at the partners and in the database.`,
    '',
    `- commit ${on.commit} of ${on.date}, ${on.machine}`,
    `- \`${lastLine(matrix)}\``,
    `- ${intakes} intakes; ${counted.withPeople} wait for a person, ${counted.doubted} for an answer that is believed; fewest in flight at a kill: ${Math.min(...runs.map((run) => run.inFlight))}`,
    `- ${seconds} s in all, ${(seconds / Math.max(1, runs.length)).toFixed(1)} s a run; slowest end of everything after the last kill of a leg: ${(most(drainsMs) / 1000).toFixed(1)} s`,
    '',
    '## How often each pair was met',
    '',
    `| barrier | ${processes.join(' | ')} |`,
    `|---|${processes.map(() => '---:').join('|')}|`,
    ...barriers.map((barrier) => `| ${barrier} | ${processes.map((victim) => times.get(pairName({ barrier, victim })) ?? 0).join(' | ')} |`),
    '',
    'Every pair can occur: whoever stands at the barrier, any other process may be killed meanwhile, or itself. The partner is the one that is asked',
    'there, else one by seed: clearinghouse, EHR or Stripe.',
    '',
    '## Until a killed process answered again',
    '',
    '| process | kills | median | slowest |',
    '|---|---:|---:|---:|',
    ...processes.map((victim) => {
      const back = runs
        .filter((run) => run.victim === victim)
        .map((run) => run.backMs)
        .sort((a, b) => a - b)
      return `| ${victim} | ${back.length} | ${ms(back[Math.floor(back.length / 2)] ?? 0)} | ${ms(most(back))} |`
    }),
    '',
    '## What is short',
    '',
    ...(short.length === 0 ? ['Nothing.'] : short.map((line) => `- ${line}`)),
  ].join('\n')}\n`
}

/** Under `evidence/reports`; answers with the file's name. */
export function writeReport(matrix: Matrix, wanted: number): string {
  const git = (...args: string[]): string => execFileSync('git', args, { cwd: checkout, encoding: 'utf8' }).trim()
  const machine = `${cpus().length} cores (${cpus()[0]?.model.trim()}), ${Math.round(totalmem() / 2 ** 30)} GB, Node ${process.versions.node}`
  const file = 'evidence/reports/crash-matrix.md'
  mkdirSync(`${checkout}/evidence/reports`, { recursive: true })
  const date = git('log', '-1', '--format=%cs')
  // The report of before is part of no run.
  const isDirty = git('status', '--porcelain', '--untracked-files=no', '--', '.', ':!evidence/reports') !== ''
  const commit = `${git('rev-parse', '--short', 'HEAD')}${isDirty ? '-dirty' : ''}`
  writeFileSync(`${checkout}/${file}`, reportOf(matrix, wanted, { commit, machine, date }))
  return file
}
