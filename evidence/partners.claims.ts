import { type ClaimLine, printClaim } from '../docker/local/claim-line.ts'
import { claimCutOver } from './claims/cut-over.ts'
import { claimDualRun } from './claims/dual-run.ts'
import { claimRacingWrites } from './claims/racing-writes.ts'
import { claimStorms412 } from './claims/storms-412.ts'
import { claimWebhookReplay } from './claims/webhook-replay.ts'

/** What the README promises of EHR, payments and the old scheduler. One after another; one that cannot be judged is short. */
const claims: readonly (readonly [name: string, claim: () => Promise<ClaimLine>])[] = [
  ['partners.racing-writes', claimRacingWrites],
  ['partners.storms-412', claimStorms412],
  ['partners.webhook-replay', claimWebhookReplay],
  ['partners.dual-run', claimDualRun],
  ['partners.cut-over', claimCutOver],
]
for (const [name, claim] of claims) {
  process.stderr.write(`${name}\n`)
  // Called in there: one that throws at once is short like one that fails later, and the next has its turn.
  const line = await Promise.resolve()
    .then(claim)
    .catch((error: Error): ClaimLine => {
      process.stderr.write(`${error.stack ?? error.message}\n`)
      return { name, figures: { ended: 'no' }, ok: false }
    })
  process.stdout.write(`${printClaim(line)}\n`)
}
