import { type Health, PartnerFault } from '@heliox/core/kit'
import type { ClearinghouseContext } from './transport/http.ts'
import { ping } from './transport/rest.ts'
import { withSftp } from './transport/sftp.ts'

const sftpTimeoutMs = 8_000

/** Both doors, without a question about anybody: the real-time one always, SFTP where it is configured. */
export async function checkHealth(ctx: ClearinghouseContext): Promise<Health> {
  const [rest, sftp] = await Promise.all([ping(ctx), sftpHealth(ctx)])
  if (!sftp) return rest
  return { ok: rest.ok && sftp.ok, text: rest.ok && sftp.ok ? 'The clearinghouse answers, and its SFTP folders are there.' : rest.ok ? sftp.text : rest.text }
}

async function sftpHealth(ctx: ClearinghouseContext): Promise<Health | undefined> {
  if (ctx.config.sftpHost === undefined) return undefined
  try {
    const signal = AbortSignal.any([ctx.signal, AbortSignal.timeout(sftpTimeoutMs)])
    return await withSftp({ ...ctx, signal }, async (session) => {
      for (const folder of [ctx.config.sftpInbox, ctx.config.sftpOutbox])
        if (!(await session.isFolder(folder))) return { ok: false, text: 'The SFTP server lets us in, but a folder of the settings is not there.' }
      return { ok: true, text: 'The SFTP server lets us in.' }
    })
  } catch (error) {
    if (error instanceof PartnerFault) return { ok: false, text: error.message }
    throw error
  }
}
