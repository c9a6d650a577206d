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
  handover: { id: string; to: string; phase: string; endedAt: string | null; comparisons: number; differences: number } | null
}
interface Difference {
  kind: string
  visitId: string | null
  legacyId: string | null
  code: string | null
  since: string
  seenAt: string
}
type Ask = <T>(method: string, path: string, body?: unknown) => Promise<T>

const lookEveryMs = 500
const requestMsMax = 20_000

export async function scheduler(
  verb: 'cut-over' | 'back' | 'give-up' | 'report',
  env: Record<string, string | undefined>,
  say: Say,
  complain: Say,
): Promise<number> {
  const { HUB_PUBLIC_URL: url, HUB_CLINIC: tenant, HUB_EMAIL: email, HUB_PASSWORD: password } = env
  if (!url || !tenant || !email || !password) {
    complain('set HUB_PUBLIC_URL, HUB_CLINIC, HUB_EMAIL and HUB_PASSWORD')
    return 2
  }
  try {
    const ask = await signIn(url, { tenant, email, password })
    if (verb === 'report') return await report(ask, say)
    if (verb === 'give-up') return await giveUp(ask, say)
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
    const answer = (await response.json()) as T & { error?: { message: string } }
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
    state = await ask<State>('GET', '')
  }
  say(`the appointments are kept by ${state.owner}`)
  return state.owner === to ? 0 : 1
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
  let cursor: string | null = null
  do {
    const page: { items: Difference[]; nextCursor: string | null } = await ask('GET', `/differences?limit=100${cursor === null ? '' : `&cursor=${cursor}`}`)
    for (const { kind, visitId, legacyId, code, since, seenAt } of page.items)
      say(`${kind.padEnd(17)} visit ${visitId ?? '-'}  there ${legacyId ?? '-'}  since ${since}  seen ${seenAt}${code === null ? '' : `  ${code}`}`)
    cursor = page.nextCursor
  } while (cursor !== null)
  say(`${state.differences} differences`)
  return state.differences === 0 ? 0 : 1
}
