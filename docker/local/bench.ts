import { namesListed, readLine } from './bench-line.ts'
import { runLines } from './run-lines.ts'

/** `make bench`: what is measured, and what it must be. */
await runLines({ ending: 'bench', read: readLine, listed: namesListed })
