import type { LegacyItem } from '@heliox/core/clinical'
import { LegacyId, Revision } from '@heliox/core/clinical'
import { PartnerFault, type ReceivedFile, type ValueOf } from '@heliox/core/kit'
import { z } from 'zod'
import type { LegacyContext } from './config.ts'
import { errorCode, send } from './http.ts'

export const pageBytesMax = 256 * 1024
const changesMax = 200
/** What is left is taken by the next look. */
const pagesMax = 20

const Page = z.looseObject({ from: z.int().min(0), through: z.int().min(0), more: z.boolean(), changes: z.array(z.unknown()).max(changesMax) })

/**
 * The feed keeps our place for us: it gives a page again until we say that we have it. So a page is kept first and taken after; what dies in
 * between has the page twice, and an appointment that is read twice is the same one.
 */
export async function collectChanges(ctx: LegacyContext, keep: (file: ReceivedFile) => Promise<'kept' | 'known'>): Promise<void> {
  for (let n = 0; n < pagesMax; n += 1) {
    const response = await send(ctx, { method: 'GET', path: `changes?subscriber=hub&limit=${changesMax}`, responseBytesMax: pageBytesMax })
    const page = Page.safeParse(response.json)
    if (!page.success) throw new PartnerFault('contract', 'The old scheduler’s list of changes cannot be read.', { detail: `status ${response.status}` })
    const { from, through, more, changes } = page.data
    if (changes.length === 0) return
    await keep({ name: `changes-${from}-${through}.json`, bytes: Buffer.from(response.text) })
    const taken = await send(ctx, { method: 'PUT', path: 'changes/taken', body: { subscriber: 'hub', through } })
    const code = errorCode(taken.json)
    if (code !== undefined) throw new PartnerFault('contract', 'The old scheduler does not let its changes be taken.', { detail: code })
    if (!more) return
  }
}

const Change = z.looseObject({ id: LegacyId, revision: Revision })

/** One item for each appointment of the page, by its last change in it. */
export async function* readChanges(bytes: AsyncIterable<Uint8Array>): AsyncIterable<ValueOf<typeof LegacyItem>> {
  const page = Page.safeParse(parsed(await whole(bytes)))
  if (!page.success) {
    yield { is: 'unreadable', code: 'page' }
    return
  }
  const last = new Map<string, number>()
  for (const change of page.data.changes) {
    const read = Change.safeParse(change)
    if (read.success) last.set(read.data.id, Math.max(read.data.revision, last.get(read.data.id) ?? 0))
    else yield { is: 'unreadable', code: 'change' }
  }
  for (const [legacyId, revision] of last) yield { is: 'appointment', legacyId, revision }
}

async function whole(bytes: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of bytes) chunks.push(chunk)
  return Buffer.concat(chunks).toString('utf8')
}
function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
