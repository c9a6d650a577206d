import { createHash } from 'node:crypto'
import { createServer, type Server } from 'node:net'
import { limits } from '@heliox/core/kit'
import { Control } from './control.ts'
import { serveConnection } from './protocol.ts'
import { loadRules } from './rules.ts'

/**
 * A scanner for a machine that has none: clamd's protocol around YARA-X and a few rules of our own. For development, tests
 * and demos. Settings: HUB_ENV, SCAN_PORT, SCAN_CONTROL_PORT (0 takes any).
 */
if (process.env.HUB_ENV === 'production') {
  process.stderr.write('The embedded scanner is not for production: its few rules are no virus database. Run clamd and point the connection at it.\n')
  process.exit(1)
}

const rules = await loadRules()
/** As clamd does: a file that was just scanned is not scanned again. Bounded, and only for these rules, as long as we run. */
const known = new Map<string, string>()
const knownMax = 1_000
const control = new Control(() => known.clear())
const version = `Heliox-embedded ${rules.engine}/${rules.count} rules/${rules.date}`

const scanner = createServer((socket) =>
  serveConnection(socket, limits.uploadBytesMax, {
    command(name) {
      return misbehave(control.take(false)) ?? (name === 'PING' ? 'PONG' : version)
    },
    stream(bytes) {
      const mode = control.take(true)
      const wrong = misbehave(mode)
      if (wrong) return wrong
      const answer = scan(bytes)
      return mode === 'accepts-then-drops' ? 'drop' : answer
    },
  }),
)

function misbehave(mode: ReturnType<Control['take']>): string | 'drop' | 'silence' | undefined {
  if (mode === 'drops') return 'drop'
  if (mode === 'stalls') return 'silence'
  if (mode === 'rejects') return 'stream: Simulated.Finding FOUND'
  if (mode === 'throttles') return "stream: Can't allocate memory ERROR"
  if (mode === 'answers-garbage') return 'HTTP/1.1 400 Bad Request'
  return undefined
}

function scan(bytes: Buffer): string {
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  control.asked()
  const before = known.get(sha256)
  if (before !== undefined) return before
  try {
    const found = rules.scan(bytes)
    const answer = found === 'nothing' ? 'stream: OK' : `stream: ${found.rule} FOUND`
    control.scanned(sha256)
    if (known.size >= knownMax) known.clear()
    known.set(sha256, answer)
    return answer
  } catch (error) {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    return 'stream: Scan failed. ERROR'
  }
}

scanner.listen(Number(process.env.SCAN_PORT ?? '0'), '127.0.0.1')
const controlServer = control.listen(Number(process.env.SCAN_CONTROL_PORT ?? '0'))
await Promise.all([scanner, controlServer].map((server) => new Promise((resolve) => server.once('listening', resolve))))

const portOf = (server: Server): number => {
  const address = server.address()
  return typeof address === 'object' && address ? address.port : 0
}
process.once('SIGTERM', () => process.exit(0))
process.stdout.write(
  `${JSON.stringify({
    ready: true,
    process: 'scanner',
    url: `tcp://127.0.0.1:${portOf(scanner)}`,
    control: `http://127.0.0.1:${portOf(controlServer)}`,
    engine: rules.engine,
    rules: rules.count,
    rulesDate: rules.date,
  })}\n`,
)
