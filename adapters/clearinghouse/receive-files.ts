import { setTimeout as wait } from 'node:timers/promises'
import { PartnerFault, type ReceivedFile } from '@heliox/core/kit'
import { isPlainName, isUnfinishedName, memoryOf, type OutboxMemory, outboxFilesMax } from './outbox.ts'
import { type FileCipher, plainFiles } from './transport/file-cipher.ts'
import type { ClearinghouseContext } from './transport/http.ts'
import { type RemoteFile, SftpRefusal, type SftpSession, withSftp } from './transport/sftp.ts'
import { isFinished } from './whole-file.ts'

type Keep = (file: ReceivedFile) => Promise<'kept' | 'known'>

export const receiveTimes = { everyMs: 60_000, timeoutMs: 120_000 }
/** A batch of 500 answers is 5 MB. */
export const fileBytesMax = 32 * 1024 * 1024
/** No new slice is begun after this: what is under way must end within `timeoutMs`. */
const beginMs = 90_000
/** A file that stands without its IEA for so long will not get it any more. */
const unfinishedMs = 10 * 60_000
/** Fetched side by side, kept one by one. */
const sliceFilesMax = 8

export interface CollectOptions {
  /** Between two looks: SFTP tells times in whole seconds, so less could miss a change. */
  secondLookMs: number
  /** From keeping a file to removing it. Real time, not the hub's: it is the partner's writer that is waited for. */
  removeAfterMs: number
  cipher: FileCipher
}
const usual: CollectOptions = { secondLookMs: 2_000, removeAfterMs: 30_000, cipher: plainFiles }

/**
 * Takes what is whole from the outbox, oldest first. A file is fetched when two looks found it the same, judged by its end, and kept by
 * the hub. It is removed by a later turn that finds it unchanged: a file of several interchanges looks whole at the end of each, and
 * one that grew is kept again, as a whole. Whatever fails on the way leaves it where it is.
 */
export async function collectFiles(ctx: ClearinghouseContext, keep: Keep, { secondLookMs, removeAfterMs, cipher }: CollectOptions = usual): Promise<void> {
  const beganMs = performance.now()
  const memory = memoryOf(JSON.stringify([ctx.config.sftpHost, ctx.config.sftpPort, ctx.config.sftpUser, ctx.config.sftpOutbox]))
  const tooLarge = await withSftp(ctx, async (session) => {
    const { files, kept } = await stableFiles(session, memory, ctx, { secondLookMs, removeAfterMs })
    const large = files.filter((file) => file.bytes > fileBytesMax)
    const slices = slicesOf(files.filter((file) => file.bytes <= fileBytesMax))
    for (const slice of slices) {
      if (performance.now() - beganMs > beginMs || ctx.signal.aborted) break
      await takeSlice(session, slice, { ctx, memory, keep, cipher })
    }
    // Answers first: what is kept already can wait for the next turn.
    for (let from = 0; from < kept.length; from += sliceFilesMax) {
      if (performance.now() - beganMs > beginMs || ctx.signal.aborted) break
      await Promise.all(kept.slice(from, from + sliceFilesMax).map((file) => removeKept(session, file, { ctx, memory })))
    }
    return large.length
  })
  // After the others, so that it holds up nobody; each look says so again until somebody takes it away.
  if (tooLarge > 0)
    throw new PartnerFault('contract', 'A file in the outbox is larger than we take.', { detail: `${tooLarge} files over ${fileBytesMax} bytes` })
}

/** The same size and time on two looks; where the first was in an earlier turn, one look is enough for that file. `kept`: to be removed. */
async function stableFiles(
  session: SftpSession,
  memory: OutboxMemory,
  ctx: ClearinghouseContext,
  { secondLookMs, removeAfterMs }: Pick<CollectOptions, 'secondLookMs' | 'removeAfterMs'>,
): Promise<{ files: RemoteFile[]; kept: RemoteFile[] }> {
  const look = async () => {
    const listed = await session.list(ctx.config.sftpOutbox, outboxFilesMax)
    return listed.filter(({ name }) => isPlainName(name) && !isUnfinishedName(name))
  }
  let files = await look()
  const isNew = files.some((file) => !memory.isKnown(file))
  let stable = files.filter((file) => memory.isKnown(file))
  memory.look(files, ctx.now().getTime())
  if (isNew) {
    await wait(secondLookMs, undefined, { signal: ctx.signal }).catch(() => {
      throw new PartnerFault('timeout', 'The SFTP server did not answer in time.')
    })
    files = await look()
    stable = files.filter((file) => memory.isKnown(file))
    memory.look(files, ctx.now().getTime())
  }
  const nowMs = ctx.now().getTime()
  const kept = stable.filter((file) => memory.mayRemove(file, removeAfterMs))
  const going = new Set(kept.map(({ name }) => name))
  const toTake = stable
    .filter(({ name }) => !going.has(name) && !memory.isKept(name, nowMs))
    .sort((a, b) => a.modifiedAtMs - b.modifiedAtMs || (a.name < b.name ? -1 : 1))
  return { files: toTake, kept }
}

/** Bounded in number and in memory. */
function* slicesOf(files: readonly RemoteFile[]): Generator<RemoteFile[]> {
  let slice: RemoteFile[] = []
  let bytes = 0
  for (const file of files) {
    if (slice.length > 0 && (slice.length >= sliceFilesMax || bytes + file.bytes > fileBytesMax)) {
      yield slice
      slice = []
      bytes = 0
    }
    slice.push(file)
    bytes += file.bytes
  }
  if (slice.length > 0) yield slice
}

interface Taking {
  ctx: ClearinghouseContext
  memory: OutboxMemory
  keep: Keep
  cipher: FileCipher
}

async function takeSlice(session: SftpSession, slice: readonly RemoteFile[], taking: Taking): Promise<void> {
  const { ctx, memory } = taking
  const fetched = await Promise.all(slice.map(async (file) => ({ file, received: await fetchWhole(session, file, ctx) })))
  for (const { file, received } of fetched) {
    if (!received) continue
    const bytes = await opened(received, taking)
    const nowMs = ctx.now().getTime()
    if (!isFinished(bytes) && memory.unchangedMs(file.name, nowMs) < unfinishedMs) continue
    await taking.keep({ name: file.name, bytes })
    memory.keep(file.name, nowMs)
  }
}

/** Undefined: it changed while it was read, or is gone; the next look decides. */
async function fetchWhole(session: SftpSession, file: RemoteFile, ctx: ClearinghouseContext): Promise<Buffer | undefined> {
  const path = `${ctx.config.sftpOutbox}/${file.name}`
  try {
    const bytes = await session.read(path, file.bytes)
    return bytes?.length === file.bytes && (await isUnchanged(session, file, ctx)) ? bytes : undefined
  } catch (error) {
    if (!(error instanceof SftpRefusal)) throw error
    // One file that we may not read must not hold up the others.
    ctx.log.warn({ partner: 'clearinghouse', status: error.status }, 'a file of the outbox could not be read')
    return undefined
  }
}

async function isUnchanged(session: SftpSession, file: RemoteFile, ctx: ClearinghouseContext): Promise<boolean> {
  const now = await session.stat(`${ctx.config.sftpOutbox}/${file.name}`)
  return now?.bytes === file.bytes && now.modifiedAtMs === file.modifiedAtMs
}

/** What cannot be opened is kept as it came: it will be found unreadable, and a person is told. */
async function opened(received: Buffer, { cipher, ctx }: Taking): Promise<Buffer> {
  return cipher.open(received).catch(() => {
    ctx.log.warn({ partner: 'clearinghouse' }, 'a file could not be decrypted, or its signature does not hold')
    return received
  })
}

/** Only the file that was kept: another may have come under its name since. A refusal costs nothing but a look: the hub knows these bytes. */
async function removeKept(session: SftpSession, file: RemoteFile, { ctx, memory }: Pick<Taking, 'ctx' | 'memory'>): Promise<void> {
  try {
    if (!(await isUnchanged(session, file, ctx))) return
    await session.remove(`${ctx.config.sftpOutbox}/${file.name}`)
    memory.forget(file.name)
  } catch (error) {
    if (!(error instanceof SftpRefusal)) throw error
    memory.refuse(file.name)
    ctx.log.warn({ partner: 'clearinghouse', status: error.status }, 'a file that we have kept could not be removed')
  }
}
