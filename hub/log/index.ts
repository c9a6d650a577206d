import { PartnerFault } from '@heliox/core/kit'
import { type DestinationStream, type Logger, pino } from 'pino'
import { makeSparing } from './sparing.ts'

interface LogOptions {
  level: 'debug' | 'info' | 'warn' | 'error' | 'silent'
  /** `engine-1` */
  process: string
  region: string
  /** Field names that must never be shown, for example every adapter's secrets. */
  secretNames?: readonly string[]
}

const always = ['authorization', 'cookie', 'set-cookie', 'token', 'password', 'secret']
/** Of pino. What is below is what was done, not what went wrong: every line of it counts. */
const warnLevel = 40
/** pino's `*` stands for one level; three are as deep as our log fields go. */
const depths = ['', '*.', '*.*.']

/**
 * One JSON line per entry on stdout; the same error over and over is told a few times and then counted (`sparing.ts`). Redaction is the
 * last net: nothing of a patient's may reach a log call in the first place.
 */
export function createLog(options: LogOptions, destination?: DestinationStream): Logger {
  const names = [...new Set([...always, ...(options.secretNames ?? [])])]
  const paths = names.flatMap((name) => depths.map((depth) => (depth === '' ? `["${name}"]` : `${depth.slice(0, -1)}["${name}"]`)))
  const sparing = makeSparing()
  const log = pino(
    {
      level: options.level,
      base: { process: options.process, region: options.region },
      redact: { paths, censor: '[redacted]' },
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
      // An error's text may quote a value (a parser's, a database's); `errorFields` is how errors are logged.
      serializers: { err: errorFields, error: errorFields },
      hooks: {
        logMethod(args, method, level) {
          if (level < warnLevel || sparing.tells(args)) method.apply(this, args)
        },
      },
    },
    destination,
  )
  sparing.start(({ text, leftOut }) => log.warn({ leftOut, of: text }, 'the same again; left out'))
  return log
}

/**
 * What of an error may be logged: its class, its code, our own texts, where it was thrown. Not its message: a JSON parser, zod or
 * PostgreSQL quotes the offending value there, and that may be a patient's.
 */
export function errorFields(error: unknown): Record<string, unknown> {
  if (error instanceof PartnerFault) return { errorName: error.name, kind: error.kind, text: error.message, detail: error.detail }
  if (!(error instanceof Error)) return { errorName: typeof error }
  const code = (error as { code?: unknown }).code
  return { errorName: error.name, ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}), at: thrownAt(error) }
}

/** The first frames, without the message that begins a stack and without the machine's folders. */
function thrownAt(error: Error): string[] {
  const lines = (error.stack ?? '').split('\n').filter((line) => /^\s+at /.test(line))
  return lines.slice(0, 4).map((line) =>
    line
      .trim()
      .replace(/^at /, '')
      .replace(/(file:\/\/)?\/[^\s()]*\/(?=[^/]+\/[^/]+:\d+)/, ''),
  )
}
