import { posix } from 'node:path'
import ssh2, { type Attributes, type SFTPWrapper } from 'ssh2'
import type { SimJournal } from '../../../sim-journal.ts'
import { type FolderName, type Folders, folderNames, isUnfinished, type StoredFile } from '../batch/folders.ts'
import type { Control } from '../control.ts'
import type { Faults } from './faults.ts'
import { Handles, type WrittenFile } from './open-files.ts'

const { STATUS_CODE: status, OPEN_MODE: mode } = ssh2.utils.sftp
const namesPerAnswer = 100
const folderMode = 0o040755
const fileMode = 0o100644

interface SessionParts {
  folders: Folders
  faults: Faults
  control: Control
  journal: SimJournal
  /** A finished file of /to-clearinghouse: it is taken away and worked on. */
  take(name: string): void
  /** Takes requests and answers none. */
  stalls: boolean
  /** Cuts the connection, without a word. */
  hangUp(): void
}

/** One SFTP session on the two folders, version 3 as OpenSSH speaks it. Returns what to do when the connection ends. */
export function serveSftp(sftp: SFTPWrapper, parts: SessionParts): () => void {
  const { folders, faults, control, journal } = parts
  const handles = new Handles()
  let moved = 0
  const no = (id: number, code: number): void => sftp.status(id, code)
  /** True: the connection is gone. */
  const cutAfter = (bytes: number): boolean => {
    moved += bytes
    if (!faults.disconnectsAt(moved)) return false
    parts.hangUp()
    return true
  }
  const finish = ({ folder, name }: WrittenFile): void => {
    if (folder === 'to-clearinghouse' && !isUnfinished(name) && folders.get(folder, name)) parts.take(name)
  }
  const stat = (id: number, path: string) => {
    const place = placeOf(path)
    if (place.is === 'folder') return sftp.attrs(id, attributesOf())
    const file = place.is === 'file' ? folders.get(place.folder, place.name) : undefined
    if (file) sftp.attrs(id, attributesOf(file))
    else no(id, status.NO_SUCH_FILE)
  }

  const requests = {
    REALPATH: (id: number, path: string) => sftp.name(id, [{ filename: posix.resolve('/', path), longname: '', attrs: attributesOf() }]),
    STAT: stat,
    LSTAT: stat,
    FSTAT: (id: number, handle: Buffer) => {
      const opened = handles.get(handle)
      if (opened?.is === 'read') return sftp.attrs(id, { ...attributesOf(), mode: fileMode, size: opened.file.bytes.length })
      if (opened?.is !== 'write') return no(id, status.FAILURE)
      const file = folders.get(opened.file.folder, opened.file.name)
      if (file) sftp.attrs(id, attributesOf(file))
      else no(id, status.NO_SUCH_FILE)
    },
    // Times and rights are ours: said yes to, as a server does that does not keep them.
    SETSTAT: (id: number) => no(id, status.OK),
    FSETSTAT: (id: number) => no(id, status.OK),
    OPENDIR: (id: number, path: string) => {
      const place = placeOf(path)
      if (place.is !== 'folder') return no(id, status.NO_SUCH_FILE)
      answerHandle(id, handles.add({ is: 'folder', folder: { entries: listed(folders, place.folder) } }))
    },
    READDIR: (id: number, handle: Buffer) => {
      const opened = handles.get(handle)
      if (opened?.is !== 'folder') return no(id, status.FAILURE)
      const some = opened.folder.entries.splice(0, namesPerAnswer)
      if (some.length === 0) no(id, status.EOF)
      else sftp.name(id, some)
    },
    OPEN: (id: number, path: string, flags: number) => {
      const place = placeOf(path)
      if (place.is !== 'file') return no(id, place.is === 'folder' ? status.FAILURE : status.NO_SUCH_FILE)
      const known = folders.get(place.folder, place.name)
      if (!(flags & mode.WRITE)) return known ? answerHandle(id, handles.add({ is: 'read', file: known })) : no(id, status.NO_SUCH_FILE)
      if (known ? flags & mode.EXCL : !(flags & mode.CREAT)) return no(id, known ? status.FAILURE : status.NO_SUCH_FILE)
      if (!known || flags & mode.TRUNC) folders.put(place.folder, place.name, Buffer.alloc(0))
      answerHandle(id, handles.add({ is: 'write', file: place }))
    },
    READ: (id: number, handle: Buffer, offset: number, length: number) => {
      const opened = handles.get(handle)
      if (opened?.is !== 'read') return no(id, status.FAILURE)
      const data = opened.file.bytes.subarray(offset, offset + length)
      if (data.length === 0) return no(id, status.EOF)
      if (!cutAfter(data.length)) sftp.data(id, data)
    },
    WRITE: (id: number, handle: Buffer, offset: number, data: Buffer) => {
      const opened = handles.get(handle)
      if (opened?.is !== 'write') return no(id, status.FAILURE)
      const kept = folders.write(opened.file.folder, opened.file.name, offset, data)
      if (!cutAfter(data.length)) no(id, kept ? status.OK : status.FAILURE)
    },
    CLOSE: (id: number, handle: Buffer) => {
      const opened = handles.close(handle)
      if (!opened) return no(id, status.FAILURE)
      if (opened.is === 'write') finish(opened.file)
      no(id, status.OK)
    },
    RENAME: (id: number, from: string, to: string) => {
      const [source, target] = [placeOf(from), placeOf(to)]
      if (source.is !== 'file' || target.is !== 'file') return no(id, status.NO_SUCH_FILE)
      if (!folders.get(source.folder, source.name)) return no(id, status.NO_SUCH_FILE)
      if (folders.get(target.folder, target.name)) return no(id, status.FAILURE)
      const finished = target.folder === 'to-clearinghouse' && !isUnfinished(target.name)
      const fault = finished ? control.take(['rejects', 'accepts-then-drops']) : 'answers'
      if (fault === 'rejects') return no(id, status.FAILURE)
      if (faults.refuses('refuseRename')) return no(id, status.FAILURE)
      journal.together(() => {
        folders.rename(source, target)
        if (finished) parts.take(target.name)
      })
      if (fault === 'accepts-then-drops') parts.hangUp()
      else no(id, status.OK)
    },
    REMOVE: (id: number, path: string) => {
      const place = placeOf(path)
      if (place.is !== 'file' || !folders.get(place.folder, place.name)) return no(id, status.NO_SUCH_FILE)
      if (faults.refuses('refuseRemove')) return no(id, status.FAILURE)
      folders.remove(place.folder, place.name)
      no(id, status.OK)
    },
    MKDIR: (id: number) => no(id, status.PERMISSION_DENIED),
    RMDIR: (id: number) => no(id, status.PERMISSION_DENIED),
    READLINK: (id: number) => no(id, status.OP_UNSUPPORTED),
    SYMLINK: (id: number) => no(id, status.OP_UNSUPPORTED),
  }
  function answerHandle(id: number, handle: Buffer | undefined): void {
    if (handle) sftp.handle(id, handle)
    else no(id, status.FAILURE)
  }
  for (const [name, answer] of Object.entries(requests)) {
    sftp.on(name, (id: number, ...rest: never[]) => {
      if (parts.stalls) return
      const now = (): void => (answer as (id: number, ...rest: never[]) => void)(id, ...rest)
      if (faults.slowMs > 0) setTimeout(now, faults.slowMs).unref()
      else now()
    })
  }
  // OpenSSH's client waits for this side to close, too.
  sftp.on('end', () => sftp.end())
  return () => {
    for (const opened of handles.closeAll()) if (opened.is === 'write') finish(opened.file)
  }
}

type Place = { is: 'folder'; folder: FolderName | undefined } | { is: 'file'; folder: FolderName; name: string } | { is: 'nowhere' }
function placeOf(path: string): Place {
  const [first, name, ...deeper] = posix.resolve('/', path).slice(1).split('/')
  if (first === '') return { is: 'folder', folder: undefined }
  const folder = folderNames.find((known) => known === first)
  if (!folder || deeper.length > 0) return { is: 'nowhere' }
  return name === undefined ? { is: 'folder', folder } : { is: 'file', folder, name }
}
function attributesOf(file?: StoredFile): Attributes {
  const seconds = Math.floor((file?.modifiedAt.getTime() ?? 0) / 1000)
  return { mode: file ? fileMode : folderMode, uid: 1000, gid: 1000, size: file?.bytes.length ?? 0, atime: seconds, mtime: seconds }
}
function listed(folders: Folders, folder: FolderName | undefined) {
  const names: readonly string[] = folder ? folders.names(folder) : folderNames
  return names.map((filename) => {
    const file = folder && folders.get(folder, filename)
    const attrs = attributesOf(file)
    return { filename, longname: `${file ? '-rw-r--r--' : 'drwxr-xr-x'} 1 hub hub ${attrs.size} ${lsDate(attrs.mtime)} ${filename}`, attrs }
  })
}

/** `Nov 22 04:05`, UTC: the text of a long listing, for people. */
function lsDate(seconds: number): string {
  const [, day = '', month = '', , time = ''] = new Date(seconds * 1000).toUTCString().split(' ')
  return `${month} ${day} ${time.slice(0, 5)}`
}
