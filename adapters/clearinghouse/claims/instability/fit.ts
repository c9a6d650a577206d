import { fittedNumbers } from '@heliox/core/billing'
import { added, none, play } from './run.ts'
import { yearOf } from './script.ts'
import { fitting } from './seeds.ts'

/**
 * `node adapters/clearinghouse/claims/instability/fit.ts CHECKS UPS HALFLIVES RATES`: how the numbers of `active-rate` were chosen, on the
 * seeds for fitting, with calendars withheld. The hardest lie decides: an old copy that does not say of which day it is. Taken was the
 * smallest doubt about true answers with which more than 0.95 of the lies after the first twenty answers of a closure are caught, at
 * 8,000 checks a year of which 10 % are lies: rateUp=3 after20=0.9683 suspicion=0.0137; rateUp=3.4 after20=0.9540 suspicion=0.0083 (both
 * with a half-life of 48 hours).
 */
const [checks = '8000', ups = '2.8,3.2,3.6', halfLives = '24,48', rates = '0.1'] = process.argv.slice(2)
const numbersOf = (list: string): number[] => list.split(',').map(Number)
const share = (part: number, whole: number): string => (whole === 0 ? '-' : (part / whole).toFixed(4))
for (const rateUp of numbersOf(ups))
  for (const rateHalfLifeHours of numbersOf(halfLives)) {
    const numbers = { ...fittedNumbers, rateUp, rateHalfLifeHours }
    const years = fitting.flatMap((seed) =>
      numbersOf(rates).map((rate) => yearOf({ seed, checks: Number(checks), rate, rest: 'unable-now', shape: 'stale-replica' })),
    )
    const counts = years.map((year) => play(year, { calendar: 'withheld', numbers })).reduce(added, none)
    const figures = {
      recall: share(counts.caught, counts.lies),
      after20: share(counts.lateCaught, counts.lateLies),
      suspicion: share(counts.doubted, counts.truths),
    }
    process.stdout.write(
      `rateUp=${rateUp} rateHalfLifeHours=${rateHalfLifeHours} recall=${figures.recall} after20=${figures.after20} suspicion=${figures.suspicion}\n`,
    )
  }
