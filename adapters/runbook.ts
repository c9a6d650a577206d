import { type Adapter, faultPolicy, type NamedOperation, operationsOf, type Receiver } from '@heliox/core/kit'
import { z } from 'zod'
import { adapters } from './registry.ts'

/** `runbooks/partners/<id>.md`, from the one definition: what ops read when a partner misbehaves. Written by `make gen`. */
function partnerRunbook(adapter: Adapter): string {
  const lines = [
    `# ${adapter.title}`,
    '',
    '<!-- generated from the adapter’s definition by `make gen`; do not edit -->',
    '',
    `Adapter \`${adapter.id}\`. What surprises about this partner: [BEHAVIOR.md](../../adapters/${adapter.id}/BEHAVIOR.md).`,
    '',
    '## Connection settings (per clinic)',
    '',
    '| setting | meaning | secret |',
    '|---|---|---|',
    ...rows(adapter.config, false),
    ...rows(adapter.secrets, true),
    '',
    '## Operations',
  ]
  for (const named of operationsOf(adapter)) lines.push('', ...operationText(named))
  const received = Object.entries(adapter.receive)
  if (received.length > 0) lines.push('', '## What it leaves for us')
  for (const [name, receiver] of received) lines.push('', ...receiverText(`${adapter.id}.${name}`, receiver))
  lines.push(
    '',
    '## When it fails',
    '',
    '| fault | tried again | counts against the breaker | did it happen? |',
    '|---|---|---|---|',
    ...Object.entries(faultPolicy).map(
      ([kind, policy]) =>
        `| ${kind} | ${policy.retry === 'if-replayable' ? 'if the operation allows it' : policy.retry} | ${policy.tripsBreaker ? 'yes' : 'no'} | ${policy.outcome === 'unknown' ? 'unknown: reconcile before anything else' : 'no'} |`,
    ),
    '',
    'What is not tried again, or has been tried often enough, waits in the override queue (`/ops`) with its reason.',
    '',
  )
  return lines.join('\n')
}

function rows(shape: z.ZodObject, secret: boolean): string[] {
  const { properties = {} } = z.toJSONSchema(shape, { io: 'input' }) as { properties?: Record<string, { title?: string; description?: string }> }
  return Object.entries(properties).map(([name, p]) => `| \`${name}\` | ${p.title ?? p.description ?? name} | ${secret ? 'yes' : 'no'} |`)
}

const replayText = {
  safe: 'may be sent again (it changes nothing, or the same thing)',
  keyed: 'may be sent again with its key while the partner remembers it; after that the hub asks first what became of it',
  never: 'is never sent twice: after an unknown outcome the hub asks the partner first',
} as const

function operationText({ type, operation: op }: NamedOperation): string[] {
  const { breaker, retry } = op
  return [
    `### ${type}`,
    '',
    `${op.summary} Takes \`${op.input.id}\`, answers \`${op.output.id}\`, refuses with \`${op.rejection.id}\`; it ${replayText[op.replay]}.`,
    '',
    `- One call takes at most ${breaker.timeoutMs} ms; at most ${breaker.inFlightMax} at a time per clinic.`,
    `- The breaker opens at ${breaker.errorThresholdPercent} % failures of at least ${breaker.volumeThreshold} calls and tries again after ${breaker.resetTimeoutMs} ms, twice as long each time, up to sixteen times; ${breaker.plausibleToClose ?? 3} believed answers in a row close it.`,
    ...(op.payerOf ? ['- Each payer has a breaker of its own beside the partner’s: one that cannot answer keeps nobody else waiting.'] : []),
    ...(op.settleMs === undefined
      ? []
      : [`- Asked what became of an earlier send, it is believed when it says "not found" ${op.settleMs} ms after that send, not before.`]),
    ...(op.instead ? ['- Where the input names another way to ask, an end of all tries is answered with that way in place of waiting for a person.'] : []),
    `- Tried ${retry.attemptsMax} times in all, first again after ${retry.firstDelayMs} ms, at most ${retry.delayMsMax} ms apart.`,
  ]
}

function receiverText(name: string, { summary, event, item, everyMs, timeoutMs, fileBytesMax }: Receiver<never, never>): string[] {
  return [
    `### ${name}`,
    '',
    `${summary} Each item is an event \`${event}\` with \`${item.id}\`.`,
    '',
    `- Looked for every ${everyMs} ms, for at most ${timeoutMs} ms; what is left is taken by the next look.`,
    `- A file is kept, sealed and with its hash, before it is taken away at the partner. One of more than ${fileBytesMax} bytes stays there, and each look says so.`,
  ]
}

/** Path -> content, for `make gen` and its check. */
export const generateRunbooks = (): Record<string, string> => Object.fromEntries(adapters.map((a) => [`runbooks/partners/${a.id}.md`, partnerRunbook(a)]))
