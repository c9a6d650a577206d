import { once } from 'node:events'
import type { SchedulerVerb } from './scheduler.ts'

/** `npm run -s hub -- …`: parses the words, calls one function of the part that does the work, exits 0, 1 (it is not so) or 2 (not understood). */
const commands: Record<string, { words: string; does: string; run(args: string[]): number | Promise<number> }> = {
  'flows check': {
    words: '',
    does: 'check every released flow; one line each',
    run: async () => {
      const { flowsCheck } = await import('@heliox/flows')
      return flowsCheck((line) => process.stdout.write(`${line}\n`)) === 0 ? 0 : 1
    },
  },
  'flows diff': {
    words: 'NAME@N NAME@M',
    does: 'what differs between two released versions',
    run: async ([from, to]) => {
      if (!from || !to) return usage('flows diff needs two releases, for example eligibility@1 eligibility@2')
      const { flowsDiff } = await import('@heliox/flows')
      return flowsDiff(from, to, (line) => process.stdout.write(`${line}\n`))
    },
  },
  'sim clearinghouse': {
    words: '[--now ISO] [--speed N] …',
    does: 'run the simulated clearinghouse until Ctrl-C; --help shows all',
    run: async (args) => {
      const { runInTerminal } = await import('@heliox/adapters/clearinghouse/sim/terminal')
      return runInTerminal(
        args,
        (text) => process.stdout.write(text),
        (text) => process.stderr.write(text),
      )
    },
  },
  'x12 read': {
    words: 'FILE [--json]',
    does: 'show an X12 file as a tree; 2 when it is damaged',
    run: async (args) => (await import('@heliox/adapters/clearinghouse/cli/terminal')).x12Read(args, terminal),
  },
  'x12 explain': {
    words: 'FILE',
    does: 'say in plain words what an X12 file says',
    run: async (args) => (await import('@heliox/adapters/clearinghouse/cli/terminal')).x12Explain(args, terminal),
  },
  'fhir load': {
    words: 'FILE',
    does: 'take the US Core profiles out of a FHIR package (.tgz), to check against them too',
    run: async (args) => {
      const { loadInTerminal } = await import('@heliox/adapters/fhir/us-core/load')
      return loadInTerminal(args, process.env.US_CORE_PACKAGES ?? (await import('@heliox/docker/local/state-folder')).usCoreFolder, terminal)
    },
  },
  'scheduler cut-over': {
    words: '',
    does: 'hand the appointments from the old scheduler to the hub, and wait for it',
    run: () => schedulerCommand('cut-over', []),
  },
  'scheduler back': { words: '', does: 'hand them back to the old scheduler', run: () => schedulerCommand('back', []) },
  'scheduler give-up': { words: '', does: 'stop a handover before the switch', run: () => schedulerCommand('give-up', []) },
  'scheduler report': { words: '', does: 'what differs between both sides, and since when; 1 when something does', run: () => schedulerCommand('report', []) },
  'scheduler decide': {
    words: 'DIFFERENCE ours|theirs REASON',
    does: 'say which side counts of what a person changed in the old scheduler',
    run: (args) => schedulerCommand('decide', args),
  },
  'chaos crash-matrix': {
    words: '[--runs N] [--seed S] [--lanes L]',
    does: 'kill each process at each barrier under load, and count the effects',
    run: async (args) => {
      const { crashMatrix } = await import('@heliox/evidence/chaos/terminal')
      return crashMatrix(
        args,
        (line) => process.stdout.write(`${line}\n`),
        (line) => process.stderr.write(`${line}\n`),
      )
    },
  },
}
async function schedulerCommand(verb: SchedulerVerb, args: readonly string[]): Promise<number> {
  const { scheduler } = await import('./scheduler.ts')
  return scheduler(
    verb,
    args,
    process.env,
    (line) => process.stdout.write(`${line}\n`),
    (line) => process.stderr.write(`${line}\n`),
  )
}

const terminal = {
  say: async (text: string) => {
    if (!process.stdout.write(text)) await once(process.stdout, 'drain')
  },
  complain: (text: string) => void process.stderr.write(text),
}

function usage(problem?: string): number {
  const lines = Object.entries(commands).map(([name, c]) => `  ${`${name} ${c.words}`.padEnd(42)} ${c.does}`)
  process.stderr.write(`${problem ? `${problem}\n\n` : ''}usage: npm run -s hub -- COMMAND\n${lines.join('\n')}\n`)
  return 2
}

// `… | head` closes the pipe: that is the reader's wish, not a fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error
  process.exit(0)
})
const [area, verb, ...args] = process.argv.slice(2)
const command = commands[`${area} ${verb}`]
process.exitCode = command ? await command.run(args) : usage(area ? `there is no command '${[area, verb].filter(Boolean).join(' ')}'` : undefined)
