import { PartnerFault } from '@heliox/core/kit'
import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2'
import type { ClearinghouseContext } from './http.ts'
import { login } from './sftp-login.ts'

/** Status codes of SFTP version 3 that mean something to us. */
export const sftpStatus = { noSuchFile: 2, permissionDenied: 3, failure: 4 } as const

/** The server said no to one request; the session goes on. Its text may hold a name, so only the number is kept. */
export class SftpRefusal extends Error {
  readonly status: number
  constructor(status: number) {
    super(`SFTP status ${status}`)
    this.name = 'SftpRefusal'
    this.status = status
  }
}

export interface RemoteFile {
  name: string
  bytes: number
  /** Whole seconds: SFTP version 3 knows no finer time. */
  modifiedAtMs: number
}

/** Reads and writes in flight at once: the line's delay is paid once for all of them. */
const inFlightMax = 16
/** Every server takes this much in one message. */
const chunkBytes = 32 * 1024

/**
 * One SFTP session. Requests go to ssh2's own wrapper where the client library on top of it blurs an answer: its `exists` takes a
 * general failure (status 4) for "not there", its `get` knows no limit, and its messages hold file names.
 */
export class SftpSession {
  /** What it means when the line is lost now: nothing happened, or nobody knows. */
  lostMeans: 'unavailable' | 'uncertain' = 'unavailable'
  readonly #sftp: SFTPWrapper
  readonly #lost: Promise<never>
  readonly #aborted: () => boolean

  constructor(sftp: SFTPWrapper, lost: Promise<never>, aborted: () => boolean) {
    this.#sftp = sftp
    this.#lost = lost
    this.#aborted = aborted
  }

  /** Undefined: nothing of that name. */
  async stat(path: string): Promise<{ isFile: boolean; bytes: number; modifiedAtMs: number } | undefined> {
    try {
      const stats = await this.#ask<Stats>((done) => this.#sftp.lstat(path, done))
      return { isFile: stats.isFile(), bytes: stats.size, modifiedAtMs: stats.mtime * 1000 }
    } catch (error) {
      if (error instanceof SftpRefusal && error.status === sftpStatus.noSuchFile) return undefined
      throw error
    }
  }

  /** A link to a folder is one: partners arrange their disks as they like. */
  async isFolder(path: string): Promise<boolean> {
    try {
      return (await this.#ask<Stats>((done) => this.#sftp.stat(path, done))).isDirectory()
    } catch (error) {
      if (error instanceof SftpRefusal && error.status === sftpStatus.noSuchFile) return false
      throw error
    }
  }

  /** Plain files of a folder, in no order; at most `filesMax`, and then the rest is not looked at. */
  async list(folder: string, filesMax: number): Promise<RemoteFile[]> {
    const handle = await this.#ask<Buffer>((done) => this.#sftp.opendir(folder, done))
    const found: RemoteFile[] = []
    try {
      while (found.length < filesMax) {
        const entries = await this.#ask<FileEntryWithStats[] | false>((done) =>
          this.#sftp.readdir(handle, (error, list) => (isEndOfList(error) ? done(undefined, false) : done(error, list))),
        )
        if (entries === false) break
        for (const { filename, longname, attrs } of entries)
          if (isPlainFile(attrs, longname) && found.length < filesMax) found.push({ name: filename, bytes: attrs.size, modifiedAtMs: attrs.mtime * 1000 })
      }
    } finally {
      await this.#close(handle)
    }
    return found
  }

  /** The first `bytes` of a file, or what there is of them. Undefined: nothing of that name. */
  async read(path: string, bytes: number): Promise<Buffer | undefined> {
    let handle: Buffer
    try {
      handle = await this.#ask<Buffer>((done) => this.#sftp.open(path, 'r', done))
    } catch (error) {
      if (error instanceof SftpRefusal && error.status === sftpStatus.noSuchFile) return undefined
      throw error
    }
    try {
      const whole = Buffer.alloc(bytes)
      const offsets = Array.from({ length: Math.ceil(bytes / chunkBytes) }, (_, index) => index * chunkBytes)
      let end = bytes
      while (offsets.length > 0) {
        const ends = await Promise.all(offsets.splice(0, inFlightMax).map((at) => this.#readChunk(handle, whole, at, Math.min(at + chunkBytes, bytes))))
        for (const reached of ends) if (reached !== undefined) end = Math.min(end, reached)
        if (end < bytes) break
      }
      return whole.subarray(0, end)
    } finally {
      await this.#close(handle)
    }
  }
  /** Servers may give less than asked. Returns where the file ends, if it ends before `to`. */
  async #readChunk(handle: Buffer, into: Buffer, from: number, to: number): Promise<number | undefined> {
    for (let at = from; at < to; ) {
      const read = await this.#ask<number>((done) =>
        this.#sftp.read(handle, into, at, to - at, at, (error, count) => (isEndOfList(error) ? done(undefined, 0) : done(error, count))),
      )
      if (read === 0) return at
      at += read
    }
    return undefined
  }

  /** Makes or overwrites it. */
  async write(path: string, bytes: Buffer): Promise<void> {
    const handle = await this.#ask<Buffer>((done) => this.#sftp.open(path, 'w', done))
    const offsets = Array.from({ length: Math.ceil(bytes.length / chunkBytes) }, (_, index) => index * chunkBytes)
    try {
      while (offsets.length > 0) {
        const writes = offsets.splice(0, inFlightMax).map((at) => {
          const length = Math.min(chunkBytes, bytes.length - at)
          return this.#ask<undefined>((done) => this.#sftp.write(handle, bytes, at, length, at, (error) => done(error, undefined)))
        })
        await Promise.all(writes)
      }
    } finally {
      await this.#close(handle)
    }
  }

  rename(from: string, to: string): Promise<void> {
    return this.#ask<void>((done) => this.#sftp.rename(from, to, (error) => done(error, undefined)))
  }
  remove(path: string): Promise<void> {
    return this.#ask<void>((done) => this.#sftp.unlink(path, (error) => done(error, undefined)))
  }

  /** A handle that does not close is the server's: what was read or written through it is judged by its own answers. */
  async #close(handle: Buffer): Promise<void> {
    await this.#ask<void>((done) => this.#sftp.close(handle, (error) => done(error, undefined))).catch((error: unknown) => {
      if (!(error instanceof SftpRefusal)) throw error
    })
  }

  /** One request: its answer, the server's no, or the fault of a lost line. */
  #ask<T>(send: (done: (error: Error | null | undefined, value: T) => void) => void): Promise<T> {
    const answer = new Promise<T>((resolve, reject) => send((error, value) => (error ? reject(error) : resolve(value))))
    return Promise.race([answer, this.#lost]).catch((error: unknown) => {
      const status = statusOf(error)
      if (status !== undefined) throw new SftpRefusal(status)
      if (this.#aborted()) throw new PartnerFault('timeout', 'The SFTP server did not answer in time.')
      throw new PartnerFault(this.lostMeans, 'The connection to the SFTP server was lost.')
    })
  }
}

/** Some servers send no mode: then the line that they made for people says it. */
const isPlainFile = (attrs: FileEntryWithStats['attrs'], longname: string): boolean => (attrs.mode === undefined ? longname.startsWith('-') : attrs.isFile())
const statusOf = (error: unknown): number | undefined =>
  typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'number' ? error.code : undefined
/** SFTP status 1: the end of a folder or file, which is an answer. */
const isEndOfList = (error: unknown): boolean => statusOf(error) === 1

/** Logs in, works, logs out. Throws `PartnerFault`; a refusal that `work` does not treat is one too. */
export async function withSftp<T>(ctx: ClearinghouseContext, work: (session: SftpSession) => Promise<T>): Promise<T> {
  const line = await login(ctx)
  try {
    return await work(new SftpSession(line.sftp, line.lost, () => ctx.signal.aborted))
  } catch (error) {
    if (error instanceof SftpRefusal) throw faultOfRefusal(error)
    throw error
  } finally {
    line.hangUp()
  }
}

/** A no that the step did not expect: a right that we lack, a folder that is not there, a disk that is full. */
function faultOfRefusal({ status }: SftpRefusal): PartnerFault {
  const detail = `SFTP status ${status}`
  if (status === sftpStatus.permissionDenied) return new PartnerFault('credentials', 'The SFTP server does not let our user do this.', { detail })
  if (status === sftpStatus.noSuchFile) return new PartnerFault('contract', 'The SFTP server does not have the folder of the settings.', { detail })
  return new PartnerFault('unavailable', 'The SFTP server refuses our request.', { detail })
}
