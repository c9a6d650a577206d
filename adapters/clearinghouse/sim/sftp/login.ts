import type { AuthContext, ParsedKey } from 'ssh2'
import ssh2 from 'ssh2'
import { same } from '../rest/tokens.ts'

const user = 'hub'

/** The public keys of an authorized_keys text; a line that is none stops the start. */
export function publicKeys(lines: string): ParsedKey[] {
  return lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => {
      const key = ssh2.utils.parseKey(line.trim())
      if (key instanceof Error) throw new Error('SIM_SFTP_KEYS holds a line that is no public key')
      return key
    })
}

/** Whether this attempt proves who it is; `probe`: the key is known, the client may sign with it. */
export function attemptOf(ctx: AuthContext, password: string, keys: readonly ParsedKey[]): 'proved' | 'probe' | 'refused' {
  if (ctx.username !== user) return 'refused'
  if (ctx.method === 'password') return same(ctx.password, password) ? 'proved' : 'refused'
  if (ctx.method !== 'publickey') return 'refused'
  const key = keys.find((known) => known.getPublicSSH().equals(ctx.key.data))
  if (!key) return 'refused'
  if (!ctx.signature || !ctx.blob) return 'probe'
  return key.verify(ctx.blob, ctx.signature, ctx.hashAlgo) === true ? 'proved' : 'refused'
}
