import { PartnerFault } from '@heliox/core/kit'
import type { ClearinghouseConfig } from '../config.ts'
import type { FileCipher } from './file-cipher.ts'
import type { ClearinghouseContext } from './http.ts'
import { SftpRefusal, type SftpSession, sftpStatus } from './sftp.ts'

/** A file for the partner: the same name for the same content, however often it is handed over. */
export interface Outgoing {
  name: string
  plain: Buffer
}

/**
 * Under a temporary name first, then renamed: the partner takes what has its final name, and a line that breaks in the middle leaves
 * nothing that could be taken for a file. Our own file under that name is a hand-over that had worked.
 */
export async function handOver(
  session: SftpSession,
  file: Outgoing,
  ctx: ClearinghouseContext,
  cipher: FileCipher,
): Promise<'done' | 'name-taken' | 'not-accepted'> {
  const { final, temporary } = pathsOf(file, ctx.config, cipher)
  const there = await whoseIs(session, final, file, cipher)
  if (there !== 'free') return there === 'ours' ? 'done' : 'name-taken'

  const sealed = await cipher.seal(file.plain)
  // From here on a partner that does not keep to names may have seen something.
  session.lostMeans = 'uncertain'
  try {
    await session.write(temporary, sealed)
  } catch (error) {
    if (error instanceof SftpRefusal && error.status === sftpStatus.permissionDenied) return 'not-accepted'
    throw error
  }
  const written = await session.stat(temporary)
  if (written?.bytes !== sealed.length) throw new PartnerFault('uncertain', 'The SFTP server does not have the file as we wrote it.')
  try {
    await session.rename(temporary, final)
    return 'done'
  } catch (error) {
    if (!(error instanceof SftpRefusal)) throw error
    return afterRefusedRename(session, file, ctx, cipher, error)
  }
}

/** A rename that is refused has a reason: the name was taken meanwhile, or the folder will not have it. Or it was carried out, and told wrong. */
async function afterRefusedRename(
  session: SftpSession,
  file: Outgoing,
  ctx: ClearinghouseContext,
  cipher: FileCipher,
  refusal: SftpRefusal,
): Promise<'done' | 'name-taken' | 'not-accepted'> {
  const { final, temporary } = pathsOf(file, ctx.config, cipher)
  const there = await whoseIs(session, final, file, cipher)
  const left = await session.stat(temporary)
  if (there === 'free' && !left)
    throw new PartnerFault('uncertain', 'The SFTP server refused to rename the file, and it is gone.', { detail: `SFTP status ${refusal.status}` })
  if (left) await removeOurs(session, temporary, ctx)
  if (there === 'free') return 'not-accepted'
  return there === 'ours' ? 'done' : 'name-taken'
}

/**
 * What became of an earlier hand-over. `not-found`: only the temporary file is there, so it was never handed over; it is taken away. Should
 * an earlier try have come through nevertheless, the next one carries the same number, and the partner tells.
 */
export async function findHandedOver(
  session: SftpSession,
  file: Outgoing,
  ctx: ClearinghouseContext,
  cipher: FileCipher,
): Promise<'done' | 'not-found' | 'unknown'> {
  const { final, temporary } = pathsOf(file, ctx.config, cipher)
  const there = await whoseIs(session, final, file, cipher)
  if (there === 'ours') return 'done'
  const left = await session.stat(temporary)
  if (!left) return 'unknown'
  await session.remove(temporary)
  return 'not-found'
}

async function whoseIs(session: SftpSession, path: string, file: Outgoing, cipher: FileCipher): Promise<'free' | 'ours' | 'foreign'> {
  const there = await session.stat(path)
  if (!there) return 'free'
  // One byte more than it said: what grows is not ours. A folder or something huge is not either, and is not read.
  if (!there.isFile || there.bytes > 2 * file.plain.length + 64 * 1024) return 'foreign'
  const bytes = await session.read(path, there.bytes + 1)
  // Taken away between the two looks: whose it was cannot be told, so it counts as free and the partner's number check decides.
  if (!bytes) return 'free'
  return (await cipher.isSealOf(bytes, file.plain)) ? 'ours' : 'foreign'
}

async function removeOurs(session: SftpSession, path: string, ctx: ClearinghouseContext): Promise<void> {
  try {
    await session.remove(path)
  } catch (error) {
    if (!(error instanceof SftpRefusal)) throw error
    ctx.log.warn({ partner: 'clearinghouse', status: error.status }, 'a temporary file of ours could not be removed')
  }
}

function pathsOf({ name }: Outgoing, { sftpInbox }: ClearinghouseConfig, { suffix }: FileCipher): { final: string; temporary: string } {
  const final = `${sftpInbox}/${name}${suffix}`
  return { final, temporary: `${final}.tmp` }
}
