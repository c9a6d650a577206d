import { randomBytes } from 'node:crypto'
import { parseArgs } from 'node:util'
import { CannotStart, clockSetting, portFrom, scenarioFrom } from './settings.ts'
import { type Running, startSimulation } from './simulation.ts'

const usage = `usage: npm run -s hub -- sim clearinghouse [--now ISO] [--speed N] [--freeze] [--scenario FILE] [--port N] [--sftp-port N]
A port left out, or 0, is any free one; SIM_TOKEN sets the token. README.md beside the simulator explains the rest.
`
const options = {
  now: { type: 'string' },
  speed: { type: 'string' },
  freeze: { type: 'boolean' },
  scenario: { type: 'string' },
  port: { type: 'string' },
  'sftp-port': { type: 'string' },
  help: { type: 'boolean' },
} as const

/** `hub -- sim clearinghouse`: says what it offers, and runs until Ctrl-C. 0: ended; 1: could not start; 2: not understood. */
export async function runInTerminal(args: string[], say: (text: string) => unknown, complain: (text: string) => unknown): Promise<number> {
  let running: Running
  const token = process.env.SIM_TOKEN || randomBytes(12).toString('base64url')
  try {
    const { values } = parseArgs({ args, options })
    if (values.help) {
      say(usage)
      return 0
    }
    running = await startSimulation({
      token,
      port: portFrom(values.port, '--port'),
      sftpPort: portFrom(values['sftp-port'], '--sftp-port'),
      sftpKeys: process.env.SIM_SFTP_KEYS ?? '',
      clock: clockSetting({ now: values.now, speed: values.speed, freeze: values.freeze ?? false }),
      scenario: scenarioFrom(values.scenario),
      journal: process.env.SIM_JOURNAL,
    })
  } catch (error) {
    return refused(error, complain)
  }
  const { promise: ended, resolve: end } = Promise.withResolvers<void>()
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => end())
  say(offer(running, token))
  await ended
  await running.stop()
  say('\nended; nothing is left behind\n')
  return 0
}

function refused(error: unknown, complain: (text: string) => unknown): number {
  if (error instanceof CannotStart) {
    complain(`${error.message}\n`)
    return 2
  }
  const { code, message } = error as NodeJS.ErrnoException
  if (code?.startsWith('ERR_PARSE_ARGS')) {
    complain(`${message}\n\n${usage}`)
    return 2
  }
  if (code !== 'EADDRINUSE') throw error
  complain('the port is in use: leave it out for any free one\n')
  return 1
}

function offer({ url, sftp, clock }: Running, token: string): string {
  const { now, speed, frozen } = clock.reading()
  return `
The simulated clearinghouse is up. Ctrl-C ends it.

  real time   POST ${url}/realtime/eligibility   (one 270 in, one 271 out)
              Authorization: Bearer ${token}
  batch       sftp -P ${sftp.port} hub@${sftp.host}   password ${token}
              host key SHA256:${sftp.hostKeySha256}
              put NAME.tmp into /to-clearinghouse, rename it; answers come to /from-clearinghouse
  clock       ${now}, ${frozen ? 'frozen' : `speed ${speed}`}
  payers      HELIO1, NORTH2 answer; QUIET3 never can; SLOWB4 by batch; DUALS5 by batch when real time fails
  members     INACT… ended, UNKNOWN… not found, MIXED…, CORR…, DEP…, AAA58… (any code); others are active

Drive it:
  curl -X POST ${url}/_sim/clock/advance -d '{"ms":3600000}'
  curl -X PUT  ${url}/_sim/clock -d '{"now":"2026-11-26T14:00:00Z","frozen":true}'
  curl -X PUT  ${url}/_sim/scenario -d @adapters/clearinghouse/sim/scenarios/holiday-false-active.json
  curl ${url}/_sim/effects      curl ${url}/_sim/log      curl ${url}/_sim/waiting

Everything else: adapters/clearinghouse/sim/README.md
`
}
