import { type Adapter, faultPolicy, type NamedOperation, operationsOf } from '@heliox/core/kit'
import { z } from 'zod'
import { adapters } from './registry.ts'

/** `runbooks/partners/<id>.md`, from the one definition: what ops read when a partner misbehaves. Written by `make gen`. */
export function partnerRunbook(adapter: Adapter): string {
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
    `- The breaker opens at ${breaker.errorThresholdPercent} % failures of at least ${breaker.volumeThreshold} calls and tries again after ${breaker.resetTimeoutMs} ms.`,
    ...(op.settleMs === undefined
      ? []
      : [`- Asked what became of an earlier send, it is believed when it says "not found" ${op.settleMs} ms after that send, not before.`]),
    `- Tried ${retry.attemptsMax} times in all, first again after ${retry.firstDelayMs} ms, at most ${retry.delayMsMax} ms apart.`,
  ]
}

/** Path -> content, for `make gen` and its check. */
export const generateRunbooks = (): Record<string, string> => Object.fromEntries(adapters.map((a) => [`runbooks/partners/${a.id}.md`, partnerRunbook(a)]))
