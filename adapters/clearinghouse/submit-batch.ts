import { type BatchRefused, type BatchSent, type EligibilityBatch, traceOf } from '@heliox/core/billing'
import { type Answer, PartnerFault, sha256Hex, type ValueOf } from '@heliox/core/kit'
import { X12Problem } from './codec/problem.ts'
import { writeBatch270 } from './codec/write270.ts'
import { takeControlNumber } from './control-number.ts'
import { findOurAnswers } from './our-answers.ts'
import { plainFiles } from './transport/file-cipher.ts'
import { findHandedOver, handOver, type Outgoing } from './transport/hand-over.ts'
import type { ClearinghouseContext } from './transport/http.ts'
import { withSftp } from './transport/sftp.ts'

type Batch = ValueOf<typeof EligibilityBatch>
type Sent = ValueOf<typeof BatchSent>

/**
 * Many 270s as one file. Number and moment come with the key, so the same batch is the same bytes under the same name, for ever. Who
 * cannot be written is left out and named.
 */
export async function submitBatch(batch: Batch, ctx: ClearinghouseContext): Promise<Answer<Sent, ValueOf<typeof BatchRefused>>> {
  const refused = (code: ValueOf<typeof BatchRefused>['code']) => ({ is: 'rejected', value: { batchId: batch.batchId, code } }) as const
  const prepared = await prepare(batch, ctx)
  if (!prepared) return refused('nothing-writable')
  const outcome = await withSftp(ctx, (session) => handOver(session, prepared.file, ctx, plainFiles))
  return outcome === 'done' ? { is: 'ok', value: prepared.sent } : refused(outcome)
}

/**
 * Looks where the file would be, then for anything of the partner's that speaks of it. Once the file was taken and its answers were
 * collected, nothing at the partner tells of it any more: then nobody can tell.
 */
export async function findBatch(batch: Batch, ctx: ClearinghouseContext): Promise<Answer<Sent, never> | 'not-found' | 'cannot-tell'> {
  const prepared = await prepare(batch, ctx)
  // Nothing was ever handed over, and the next try says so.
  if (!prepared) return 'not-found'
  const { file, sent, traces, takenAt } = prepared
  return withSftp(ctx, async (session) => {
    const there = await findHandedOver(session, file, ctx, plainFiles)
    if (there === 'done') return { is: 'ok', value: sent }
    // An answer to it proves more than a temporary file, which a later try may have left.
    if (await findOurAnswers(session, { ...ctx.config, number: sent.isa13, traces, takenAt }, ctx, plainFiles)) return { is: 'ok', value: sent }
    return there === 'not-found' ? 'not-found' : 'cannot-tell'
  })
}

interface Prepared {
  file: Outgoing
  sent: Sent
  traces: ReadonlySet<string>
  takenAt: Date
}
/** Undefined: nothing of it can be written. No number is taken for that: partners ask for one that is missing. */
async function prepare(batch: Batch, ctx: ClearinghouseContext): Promise<Prepared | undefined> {
  if (!write(batch, ctx, 1, new Date(0)).file) return undefined
  const { number, takenAt } = await takeControlNumber(ctx)
  const { file, unwritten } = write(batch, ctx, number, takenAt)
  if (!file) return undefined
  return {
    file: { name: fileName(ctx.config.submitterId, number), plain: file.bytes },
    sent: { batchId: batch.batchId, isa13: number, gs06: number, sha256: sha256Hex(file.bytes), sets: file.sets, unwritten },
    traces: new Set(file.sets.map(({ requestId }) => traceOf(requestId))),
    takenAt,
  }
}

function write(batch: Batch, { config }: ClearinghouseContext, control: number, at: Date): ReturnType<typeof writeBatch270> {
  try {
    return writeBatch270(batch.inquiries, { ...config, control, at })
  } catch (error) {
    if (!(error instanceof X12Problem)) throw error
    throw new PartnerFault('contract', `Our 270 could not be written (${error.code}).`, { detail: error.message, cause: error })
  }
}

/** By the number alone, so that a second hand-over meets the first. */
export const fileName = (submitterId: string, number: number): string =>
  `${submitterId.trim().replaceAll(/[^0-9A-Za-z-]/g, '_')}.${String(number).padStart(9, '0')}.270`
