import { claimsListed, readClaim } from './claim-line.ts'
import { runLines } from './run-lines.ts'

/** `make claims`: what is promised, with the figures that show it. */
await runLines({ ending: 'claims', read: readClaim, listed: claimsListed })
