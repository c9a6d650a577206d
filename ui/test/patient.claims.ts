import { type ClaimLine, printClaim } from '../../docker/local/claim-line.ts'
import { ensureDebianPackages } from '../../docker/local/debian.ts'
import { withStack } from '../../evidence/claims/with-stack.ts'
import { claimDesk } from './claims/desk.ts'
import { claimForm } from './claims/form.ts'
import { claimLoad } from './claims/load.ts'
import { languages } from './claims/looks.ts'
import { claimMoments } from './claims/moments.ts'
import { claimStatus } from './claims/status.ts'

/** What the README promises of the screens of patients and of the front desk. One after another; one that cannot be judged is short. */
const claims: readonly (readonly [names: readonly string[], claim: () => Promise<ClaimLine[]>])[] = [
  [['patient.load'], async () => [await withStack(claimLoad)]],
  ...languages.map((language) => [[`patient.form-${language}`, `patient.errors-${language}`], () => claimForm(language)] as const),
  ...languages.map((language) => [[`patient.moments-${language}`], async () => [await claimMoments(language)]] as const),
  ...languages.map((language) => [[`patient.status-${language}`], async () => [await claimStatus(language)]] as const),
  [['patient.desk'], async () => [await claimDesk()]],
]
const tell = (text: string) => process.stderr.write(`${text}\n`)
for (const name of ensureDebianPackages(['chromium'], tell)) tell(`cannot install ${name}: every line is short`)
for (const [names, claim] of claims) {
  const lines = await Promise.resolve()
    .then(claim)
    .catch((error: Error) => {
      tell(error.stack ?? error.message)
      return names.map((name): ClaimLine => ({ name, figures: { ended: 'no' }, ok: false }))
    })
  for (const line of lines) process.stdout.write(`${printClaim(line)}\n`)
}
