import type { ProofNeeded } from '../src/client.gen.ts'
import type { Answer, FakeData } from './fake-data.ts'
import { soon } from './fake-kit.ts'

export interface FakeHeaders {
  ifMatch: string
  /** Of a patient's link. */
  token: string
}

/** What the hub keeps about one link: whether a proof is asked, and what was typed so far, by intake. */
export interface FakeLink {
  /** Null: the link opens at once. */
  proof: Omit<ProofNeeded, 'clinic' | 'expiresAt'> | null
  /** What was asked before this browser proved it. */
  proved: FakeLink['proof']
  birthDate: string | null
  code: string
  /** What browsers saved, by the token of their link. */
  drafts: Map<string, { version: number; savedAt: string; data: Record<string, unknown> | null }>
}
export const freshLink = (): FakeLink => ({ proof: null, proved: null, birthDate: '1985-03-27', code: '204417', drafts: new Map() })

/** Asks for a birth date and a code, by text and by mail. */
export const asksProof = (): NonNullable<FakeLink['proof']> => ({
  language: 'en',
  asks: { birthDate: true },
  to: [
    { channel: 'sms', masked: '…42' },
    { channel: 'mail', masked: 'a…@…' },
  ],
  code: null,
  pausedUntil: null,
})

/** Another device saved this, a moment ago. */
export function saveElsewhere(data: FakeData, fields: Record<string, string> | null, { token = 'a-token-of-a-link', hours = 0 } = {}): void {
  const version = (data.link.drafts.get(token)?.version ?? 0) + 1
  data.link.drafts.set(token, { version, savedAt: soon(hours), data: fields && { fields, seen: ['about'] } })
}

export function answerLink(data: FakeData, method: string, path: string, body: unknown, { ifMatch, token }: FakeHeaders): Answer | null {
  const { link, intake } = data
  const ok = (value: unknown, status = 200): Answer => ({ status, body: value })
  if (!path.startsWith('/api/intake') || path.startsWith('/api/intakes')) return null
  if (path === '/api/intake/proof/code') return link.proof?.to.length === 0 ? { status: 409, code: 'no-address' } : ok({ expiresAt: soon(0.16) }, 202)
  if (path === '/api/intake/proof') {
    if (method === 'GET') return ok({ ...link.proof, clinic: intake.clinic, expiresAt: intake.expiresAt })
    if (method === 'DELETE') {
      Object.assign(link, { proof: link.proved ?? link.proof, proved: null })
      return ok(undefined, 204)
    }
    const tried = body as { birthDate: string | null; code: string }
    const right = tried.code === link.code && (!link.proof?.asks.birthDate || tried.birthDate === link.birthDate)
    if (right) Object.assign(link, { proved: link.proof, proof: null })
    return ok({ outcome: right ? 'proved' : 'wrong', triesLeft: 4, pausedUntil: null })
  }
  if (link.proof) return { status: 401, code: 'proof-needed' }
  const kept = link.drafts.get(token)
  const draft = kept?.data ? { version: kept.version, savedAt: kept.savedAt, data: kept.data } : null
  if (path === '/api/intake') return ok({ ...intake, draft, draftVersion: kept?.version ?? 0 })
  if (path !== '/api/intake/draft') return null
  if (method === 'PUT') {
    if (ifMatch !== `"${kept?.version ?? 0}"`) return { status: 409, code: 'draft-changed' }
    const saved = { version: (kept?.version ?? 0) + 1, savedAt: soon(0) }
    link.drafts.set(token, { ...saved, data: (body as { data: Record<string, unknown> }).data })
    return ok(saved)
  }
  if (method === 'DELETE') {
    if (kept?.data) link.drafts.set(token, { version: kept.version + 1, savedAt: soon(0), data: null })
    return ok(undefined, 204)
  }
  return draft ? ok(draft) : { status: 404, code: 'not-found' }
}
