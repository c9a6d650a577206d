import { type ClaimLine, printClaim } from '../docker/local/claim-line.ts'
import { ensureDebianPackages } from '../docker/local/debian.ts'
import { claimBrokerKills } from './claims/broker-kills.ts'
import { claimCrashSample } from './claims/crash-sample.ts'
import { claimDatabaseRestart } from './claims/database-restart.ts'
import { claimKey25h } from './claims/key-25h.ts'
import { claimParallelSubmits } from './claims/parallel-submits.ts'
import { claimScaling } from './claims/scaling.ts'
import { claimThreeNodes } from './claims/three-nodes.ts'

/**
 * Once and only once: what the README promises of effects, by killing. One after another, each with processes of its own; one that cannot
 * be judged is short. What each line promises is in the README.
 */
const claims: readonly (readonly [name: string, claim: () => Promise<ClaimLine>])[] = [
  ['effects.crash-sample', claimCrashSample],
  ['effects.parallel-submits', claimParallelSubmits],
  ['effects.broker-kills', claimBrokerKills],
  ['effects.three-nodes', claimThreeNodes],
  ['effects.database-restart', claimDatabaseRestart],
  ['effects.scaling', claimScaling],
  ['effects.key-25h', claimKey25h],
]
const tell = (text: string) => process.stderr.write(`${text}\n`)
for (const name of ensureDebianPackages(['rabbitmq-server', 'iproute2'], tell)) tell(`cannot install ${name}: what needs it is short`)
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
