import { type BatchRefused, type BatchSent, type EligibilityBatch, traceOf } from '@heliox/core/billing'
import { type Answer, PartnerFault, sha256Hex, type ValueOf } from '@heliox/core/kit'
import { X12Problem } from './codec/problem.ts'
import { write270 } from './codec/write270.ts'
import { takeControlNumber } from './control-number.ts'
import { findOurAnswers } from './our-answers.ts'
import { plainFiles } from './transport/file-cipher.ts'
import { findHandedOver, handOver, type Outgoing } from './transport/hand-over.ts'
import type { ClearinghouseContext } from './transport/http.ts'
import { withSftp } from './transport/sftp.ts'

type Batch = ValueOf<typeof EligibilityBatch>
type Sent = ValueOf<typeof BatchSent>

/** Many 270s as one file. Number and moment come with the key, so the same batch is the same bytes under the same name, for ever. */
export async function submitBatch(batch: Batch, ctx: ClearinghouseContext): Promise<Answer<Sent, ValueOf<typeof BatchRefused>>> {
  const { file, sent } = await prepare(batch, ctx)
  const outcome = await withSftp(ctx, (session) => handOver(session, file, ctx, plainFiles))
  return outcome === 'done' ? { is: 'ok', value: sent } : { is: 'rejected', value: { batchId: batch.batchId, code: outcome } }
}

/**
 * Looks where the file would be, then for anything of the partner's that speaks of it. Once the file was taken and its answers were
 * collected, nothing at the partner tells of it any more: then nobody can tell.
 */
export async function findBatch(batch: Batch, ctx: ClearinghouseContext): Promise<Answer<Sent, never> | 'not-found' | 'cannot-tell'> {
  const { file, sent, traces } = await prepare(batch, ctx)
  return withSftp(ctx, async (session) => {
    const there = await findHandedOver(session, file, ctx, plainFiles)
    if (there === 'done') return { is: 'ok', value: sent }
    // An answer to it proves more than a temporary file, which a later try may have left.
    if (await findOurAnswers(session, { ...ctx.config, number: sent.isa13, traces }, ctx, plainFiles)) return { is: 'ok', value: sent }
    return there === 'not-found' ? 'not-found' : 'cannot-tell'
  })
}

async function prepare(batch: Batch, ctx: ClearinghouseContext): Promise<{ file: Outgoing; sent: Sent; traces: ReadonlySet<string> }> {
  const { number, takenAt } = await takeControlNumber(ctx)
  const written = write(batch, ctx, number, takenAt)
  return {
    file: { name: fileName(ctx.config.submitterId, number), plain: written.bytes },
    sent: {
      batchId: batch.batchId,
      isa13: number,
      gs06: number,
      sha256: sha256Hex(written.bytes),
      sets: written.sets.map(({ st02, requestId }) => ({ st02, requestId })),
    },
    traces: new Set(written.sets.map(({ requestId }) => traceOf(requestId))),
  }
}

function write(batch: Batch, { config }: ClearinghouseContext, control: number, at: Date): ReturnType<typeof write270> {
  try {
    return write270(batch.inquiries, { ...config, control, at })
  } catch (error) {
    if (!(error instanceof X12Problem)) throw error
    throw new PartnerFault('contract', `Our 270 could not be written (${error.code}).`, { detail: error.message, cause: error })
  }
}

/** By the number alone, so that a second hand-over meets the first. */
export const fileName = (submitterId: string, number: number): string =>
  `${submitterId.trim().replaceAll(/[^0-9A-Za-z-]/g, '_')}.${String(number).padStart(9, '0')}.270`
