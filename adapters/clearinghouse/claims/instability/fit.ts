import { fittedNumbers } from '@heliox/core/billing'
import { added, none, play } from './run.ts'
import { yearOf } from './script.ts'
import { fitting } from './seeds.ts'

/**
 * `node adapters/clearinghouse/claims/instability/fit.ts`: how the numbers of `active-rate` were chosen, on the seeds for fitting, with
 * calendars withheld. The hardest lie decides: an old copy that does not say of which day it is. Taken was the smallest doubt about true
 * answers with which more than 0.95 of the lies after the first twenty answers of a closure are caught.
 */
const checks = Number(process.argv[2] ?? 6_000)
for (const rateUp of [3.2, 3.8, 4.6])
  for (const rateHalfLifeHours of [12, 24, 48]) {
    const numbers = { ...fittedNumbers, rateUp, rateHalfLifeHours }
    const counts = fitting
      .flatMap((seed) =>
        [0.1, 0.3].map((rate) => play(yearOf({ seed, checks, rate, rest: 'unable-now', shape: 'stale-replica' }), { calendar: 'withheld', numbers })),
      )
      .reduce(added, none)
    const share = (part: number, whole: number) => (whole === 0 ? '-' : (part / whole).toFixed(4))
    process.stdout.write(
      `rateUp=${rateUp} rateHalfLifeHours=${rateHalfLifeHours} recall=${share(counts.caught, counts.lies)} after20=${share(counts.lateCaught, counts.lateLies)} suspicion=${share(counts.doubted, counts.truths)}\n`,
    )
  }
