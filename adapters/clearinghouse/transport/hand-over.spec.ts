import { PartnerFault } from '@heliox/core/kit'
import { expect } from 'chai'
import { contextOf } from '../testing/context.ts'
import { type FileCipher, plainFiles } from './file-cipher.ts'
import { findHandedOver, handOver } from './hand-over.ts'
import { SftpRefusal, type SftpSession, sftpStatus } from './sftp.ts'

const plain = Buffer.from('ISA*the batch')
const file = { name: 'HELIOXHUB.000000001.270', plain }
const final = `to-clearinghouse/${file.name}`
const temporary = `${final}.tmp`
const refuse = (status: number) => Promise.reject(new SftpRefusal(status))

/** A folder in memory whose server does what a test says in place of one request. */
function session(changes: Partial<Pick<SftpSession, 'stat' | 'read' | 'write' | 'rename' | 'remove'>> = {}) {
  const files = new Map<string, Buffer>()
  const server = {
    lostMeans: 'unavailable',
    stat: async (path: string) => {
      const bytes = files.get(path)
      return bytes && { isFile: true, bytes: bytes.length, modifiedAtMs: 0 }
    },
    read: async (path: string, bytes: number) => files.get(path)?.subarray(0, bytes),
    write: async (path: string, bytes: Buffer) => void files.set(path, bytes),
    rename: async (from: string, to: string) => {
      const bytes = files.get(from)
      if (!bytes || files.has(to)) return refuse(sftpStatus.failure)
      files.set(to, bytes)
      files.delete(from)
    },
    remove: async (path: string) => void files.delete(path),
    ...changes,
  }
  return { files, server: server as unknown as SftpSession }
}
const give = ({ server }: { server: SftpSession }, cipher: FileCipher = plainFiles) => handOver(server, file, contextOf(), cipher)
const kindOf = async (work: Promise<unknown>): Promise<string> => {
  const error = await work.then(
    (value) => value,
    (thrown: unknown) => thrown,
  )
  return error instanceof PartnerFault ? error.kind : error instanceof SftpRefusal ? `status ${error.status}` : String(error)
}

describe('Handing a file over', () => {
  it('believes neither a refusal nor a success, but what is there', async () => {
    // Refused, and nothing was done.
    const refused = session({ rename: () => refuse(sftpStatus.failure) })
    expect([await kindOf(give(refused)), [...refused.files.keys()]]).to.deep.equal(['not-accepted', []])
    // Refused, and done all the same.
    const done = session({
      rename: async () => {
        done.files.set(final, plain)
        done.files.delete(temporary)
        return refuse(sftpStatus.failure)
      },
    })
    expect(await kindOf(give(done))).to.equal('done')
    // Refused, done, and taken by the partner at once.
    const taken = session({
      rename: async () => {
        taken.files.clear()
        return refuse(sftpStatus.failure)
      },
    })
    expect(await kindOf(give(taken))).to.equal('uncertain')
    // Another came first.
    const late = session({
      rename: async () => {
        late.files.set(final, Buffer.from('theirs'))
        return refuse(sftpStatus.failure)
      },
    })
    expect([await kindOf(give(late)), [...late.files.keys()]]).to.deep.equal(['name-taken', [final]])
    // Written, says the server, and it is shorter.
    const short = session({ write: async (path, bytes) => void short.files.set(path, bytes.subarray(1)) })
    expect([await kindOf(give(short)), short.files.has(final)]).to.deep.equal(['uncertain', false])
  })
  it('never takes a general failure for "not there"', async () => {
    const blind = session({ stat: () => refuse(sftpStatus.failure) })
    expect([await kindOf(give(blind)), blind.files.size]).to.deep.equal(['status 4', 0])
    expect(await kindOf(findHandedOver(blind.server, file, contextOf(), plainFiles))).to.equal('status 4')
  })
  it('is certain until the first byte is written, and uncertain from then on', async () => {
    const means: string[] = []
    const watched = session({
      stat: async (path) => {
        means.push(watched.server.lostMeans)
        const bytes = watched.files.get(path)
        return bytes && { isFile: true, bytes: bytes.length, modifiedAtMs: 0 }
      },
    })
    await give(watched)
    expect(means).to.deep.equal(['unavailable', 'uncertain'])
  })
  it('seals what goes out, and knows its own seal again though it never looks the same', async () => {
    let seals = 0
    const cipher: FileCipher = {
      suffix: '.pgp',
      seal: async (text) => Buffer.concat([Buffer.from(`seal ${++seals}:`), text]),
      open: async (sealed) => sealed,
      isSealOf: async (found, text) => found.subarray(found.indexOf(':') + 1).equals(text),
    }
    const sealed = session()
    expect(await give(sealed, cipher)).to.equal('done')
    expect([...sealed.files]).to.deep.equal([[`${final}.pgp`, Buffer.from('seal 1:ISA*the batch')]])
    expect(await give(sealed, cipher)).to.equal('done')
    expect(seals, 'nothing was written again').to.equal(1)
    expect(await findHandedOver(sealed.server, file, contextOf(), cipher)).to.equal('done')
    sealed.files.set(`${final}.pgp`, Buffer.from('seal 1:ISA*another'))
    expect(await give(sealed, cipher)).to.equal('name-taken')
  })
})
