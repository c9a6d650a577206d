import type { InterchangeHead } from './codec/found.ts'
import { readFunctionalAck } from './codec/functional-ack.ts'
import { readX12 } from './codec/read.ts'
import { misplacedIn } from './codec/received-items.ts'
import { readTa1 } from './codec/ta1.ts'
import { verdictsOf } from './codec/verdict.ts'
import { isPlainName, isUnfinishedName, outboxFilesMax } from './outbox.ts'
import type { FileCipher } from './transport/file-cipher.ts'
import type { ClearinghouseContext } from './transport/http.ts'
import type { RemoteFile, SftpSession } from './transport/sftp.ts'

/** An acknowledgement is small and comes within the hour: these bounds are wide, and what lies beyond them is "cannot tell". */
const filesMax = 500
const fileBytesMax = 8 * 1024 * 1024
const bytesMax = 64 * 1024 * 1024

/** What the partner knows of one interchange of ours. */
export interface Ours {
  submitterId: string
  usage: 'T' | 'P'
  /** ISA13 and GS06. */
  number: number
  /** TRN02 of each inquiry. */
  traces: ReadonlySet<string>
  /** When the number was taken. An earlier file of ours asked about the same patients under the same traces. */
  takenAt: Date
}

/**
 * Whether a file in the outbox speaks of our interchange: a TA1 or 999 with its number, or a 271 with one of its traces that was written
 * after the number was taken. Takes nothing away.
 */
export async function findOurAnswers(session: SftpSession, ours: Ours, ctx: ClearinghouseContext, cipher: FileCipher): Promise<boolean> {
  const listed = await session.list(ctx.config.sftpOutbox, outboxFilesMax)
  const newestFirst = listed
    .filter(({ name, bytes }) => isPlainName(name) && !isUnfinishedName(name) && bytes <= fileBytesMax)
    .sort((a, b) => b.modifiedAtMs - a.modifiedAtMs)
  let left = bytesMax
  for (const file of newestFirst.slice(0, filesMax)) {
    left -= file.bytes
    if (left < 0) return false
    const bytes = await openedFile(session, file, ctx, cipher)
    if (bytes && speaksOf(bytes, ours, file.modifiedAtMs > ours.takenAt.getTime())) return true
  }
  return false
}

async function openedFile(session: SftpSession, file: RemoteFile, ctx: ClearinghouseContext, cipher: FileCipher): Promise<Buffer | undefined> {
  const received = await session.read(`${ctx.config.sftpOutbox}/${file.name}`, file.bytes)
  // What cannot be opened proves nothing here; collecting it raises it.
  return received && cipher.open(received).catch(() => undefined)
}

/** Damage is no hindrance: that our number or trace is in it at all is what counts. A number counts only in what is addressed to us. */
function speaksOf(bytes: Buffer, ours: Ours, isNewer: boolean): boolean {
  const toUs = (head: InterchangeHead): boolean => misplacedIn(head, ours) === undefined
  for (const found of readX12(bytes)) {
    if (found.is === 'ta1' && toUs(found.interchange) && readTa1(found.elements).isa13 === ours.number) return true
    if (found.is !== 'transaction') continue
    const { transaction } = found
    if (['999', '997'].includes(transaction.set) && toUs(transaction.interchange) && readFunctionalAck(transaction).gs06 === ours.number) return true
    if (isNewer && transaction.set === '271' && verdictsOf(transaction).some(({ traces }) => traces.some(({ id }) => ours.traces.has(id)))) return true
  }
  return false
}
