import { randomUUID } from 'node:crypto'

/**
 * Cut-over and back from the command line, over the API that the screen uses: `HUB_PUBLIC_URL`, `HUB_CLINIC`, `HUB_EMAIL` and `HUB_PASSWORD` say
 * where and who. It waits for the end; stopped or killed meanwhile, the handover goes on, and the same command waits for it again.
 */
type Say = (line: string) => void
interface State {
  connected: boolean
  owner: string
  ownerSince: string | null
  dualRun: boolean
  comparedAt: string | null
  differences: number
  refused: { code: string; at: string } | null
  handover: { id: string; to: string; phase: string; endedAt: string | null; comparisons: number; differences: number } | null
}
interface Said {
  revision: number
  status: string
  startsAt: string
  endsAt: string
  practitioner: string
}
interface Difference {
  id: string
  kind: string
  visitId: string | null
  legacyId: string | null
  code: string | null
  since: string
  seenAt: string
  here: Said | null
  there: Said | null
  decidable: boolean
}
export type SchedulerVerb = 'cut-over' | 'back' | 'give-up' | 'report' | 'decide'
type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>

const lookEveryMs = 500
const looksMax = 120
const requestMsMax = 20_000

export async function scheduler(
  verb: SchedulerVerb,
  args: readonly string[],
  env: Record<string, string | undefined>,
  say: Say,
  complain: Say,
): Promise<number> {
  const decision = verb === 'decide' ? wordsOf(args) : undefined
  if (verb === 'decide' && !decision) {
    complain(`say which difference, which side counts, and why: DIFFERENCE ours|theirs ${reasons.join('|')}`)
    return 2
  }
  const { HUB_PUBLIC_URL: url, HUB_CLINIC: tenant, HUB_EMAIL: email, HUB_PASSWORD: password } = env
  if (!url || !tenant || !email || !password) {
    complain('set HUB_PUBLIC_URL, HUB_CLINIC, HUB_EMAIL and HUB_PASSWORD')
    return 2
  }
  try {
    const ask = await signIn(url, { tenant, email, password })
    if (verb === 'report') return await report(ask, say)
    if (verb === 'give-up') return await giveUp(ask, say)
    if (decision) return await decide(ask, decision, say)
    return await handOver(ask, verb === 'cut-over' ? 'hub' : 'legacy-scheduler', say)
  } catch (error) {
    complain((error as Error).message)
    return 1
  }
}

async function signIn(url: string, who: { tenant: string; email: string; password: string }): Promise<Ask> {
  const headers = { 'x-hub-request': '1', origin: new URL(url).origin, 'content-type': 'application/json' }
  const fetchIt = (method: string, path: string, body: unknown, more: Record<string, string>) =>
    fetch(new URL(path, url), {
      method,
      headers: { ...headers, ...more },
      signal: AbortSignal.timeout(requestMsMax),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const signedIn = await fetchIt('POST', '/api/session', who, {})
  if (!signedIn.ok) throw new Error(`sign-in was refused: ${signedIn.status}`)
  const cookie = signedIn.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ')
  return async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const response = await fetchIt(method, `/api/admin/scheduler${path}`, body, { cookie })
    // What stands before a hub that is away answers in words of its own.
    const answer = (await response.json().catch(() => ({}))) as T & { error?: { message: string } }
    if (!response.ok) throw new Error(answer.error?.message ?? `the hub answered ${response.status}`)
    return answer
  }
}

async function handOver(ask: Ask, to: string, say: Say): Promise<number> {
  let state = await ask<State>('GET', '')
  if (state.owner === to && (state.handover === null || state.handover.endedAt !== null)) {
    say(`the appointments are kept by ${to} already`)
    return 0
  }
  state = await ask<State>('POST', '/handovers', { to })
  let said = ''
  for (;;) {
    const { handover } = state
    const line = handover ? `${handover.phase}: ${handover.comparisons} comparisons, ${handover.differences} differences` : 'no handover'
    if (line !== said) say(line)
    said = line
    if (!handover || handover.endedAt !== null) break
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    state = await look(ask)
  }
  say(`the appointments are kept by ${state.owner}`)
  return state.owner === to ? 0 : 1
}

/** The handover goes on while the api restarts, and so does the waiting for it; for a minute. */
async function look(ask: Ask): Promise<State> {
  for (let n = 0; ; n += 1) {
    try {
      return await ask<State>('GET', '')
    } catch (error) {
      if (n >= looksMax) throw error
      await new Promise((resolve) => setTimeout(resolve, lookEveryMs))
    }
  }
}

async function giveUp(ask: Ask, say: Say): Promise<number> {
  const { handover } = await ask<State>('GET', '')
  if (!handover || handover.endedAt !== null) {
    say('no handover is running')
    return 1
  }
  const { owner } = await ask<State>('POST', `/handovers/${handover.id}/give-up`)
  say(`given up; the appointments are kept by ${owner}`)
  return 0
}

/** 1 where something differs. */
async function report(ask: Ask, say: Say): Promise<number> {
  const state = await ask<State>('GET', '')
  say(`kept by ${state.owner} since ${state.ownerSince ?? 'the beginning'}; dual run ${state.dualRun ? 'on' : 'off'}; compared ${state.comparedAt ?? 'never'}`)
  if (state.refused) say(`the old scheduler last refused with ${state.refused.code} at ${state.refused.at}`)
  let count = 0
  for await (const one of differences(ask)) {
    const { kind, visitId, legacyId, code, since, seenAt } = one
    say(`${kind.padEnd(17)} visit ${visitId ?? '-'}  there ${legacyId ?? '-'}  since ${since}  seen ${seenAt}${code === null ? '' : `  ${code}`}`)
    if (one.decidable) {
      say(`  decide ${one.id}`)
      say(`  ours   ${textOf(one.here)}`)
      say(`  theirs ${textOf(one.there)}`)
    }
    count += 1
  }
  say(count === 1 ? '1 difference' : `${count} differences`)
  return count === 0 ? 0 : 1
}
const textOf = (said: Said | null): string =>
  said === null ? '-' : `${said.status} ${said.startsAt} to ${said.endsAt}, ${said.practitioner} (revision ${said.revision})`

async function* differences(ask: Ask): AsyncGenerator<Difference> {
  let cursor: string | null = null
  do {
    const page: { items: Difference[]; nextCursor: string | null } = await ask('GET', `/differences?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`)
    yield* page.items
    cursor = page.nextCursor
  } while (cursor !== null)
}

const reasons = ['patient-says-so', 'people-there-say-so', 'done-by-mistake', 'other'] as const
interface Decision {
  id: string
  counts: string
  reason: string
}
function wordsOf([id, counts, reason]: readonly string[]): Decision | undefined {
  if (!id || !reason || (counts !== 'ours' && counts !== 'theirs') || !reasons.some((one) => one === reason)) return undefined
  return { id, counts, reason }
}

/** About what both sides say now; the hub refuses when either was changed between this look and the decision. */
async function decide(ask: Ask, { id, counts, reason }: Decision, say: Say): Promise<number> {
  for await (const { id: found, here, there, decidable } of differences(ask)) {
    if (found !== id) continue
    if (!decidable || !here || !there) {
      say('this difference is not for a person to decide: it closes by itself')
      return 1
    }
    say(`ours   ${textOf(here)}`)
    say(`theirs ${textOf(there)}`)
    const body = { decisionId: randomUUID(), counts, reason, hereRevision: here.revision, thereRevision: there.revision }
    await ask('POST', `/differences/${id}/decision`, body)
    say(`decided: ${counts} counts`)
    return 0
  }
  say('there is no such open difference: look at the report')
  return 1
}
