import { spawnSync } from 'node:child_process'
import { closeSync, lstatSync, mkdirSync, mkdtempSync, openSync, renameSync, rmdirSync, rmSync, statfsSync, symlinkSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'

/** A disk of its own, so small that a test can fill it. In memory; gone when it is removed. */
export interface SmallDisk {
  path: string
  /** Not a byte is left. */
  fill(): void
  makeRoom(): void
  remove(): void
}

const run = (command: string, args: string[]): string | undefined => {
  const { status, stderr, error } = spawnSync(command, args, { encoding: 'utf8' })
  return status === 0 ? undefined : stderr.trim() || error?.message || `${command} ended with ${status}`
}

/** Why this machine cannot have one, or undefined. */
export function noSmallDisk(): string | undefined {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux can mount a small disk'
  try {
    makeSmallDisk(1).remove()
    return undefined
  } catch (error) {
    return (error as Error).message
  }
}

export function makeSmallDisk(mebibytes: number): SmallDisk {
  const path = mkdtempSync(`${tmpdir()}/hub-small-disk-`)
  const failed = run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m,mode=0755`, 'hub-small-disk', path])
  if (failed) {
    rmdirSync(path)
    throw new Error(`a small disk cannot be mounted here: ${failed}`)
  }
  const filler = `${path}/filler`
  return {
    path,
    fill() {
      const file = openSync(filler, 'a')
      let written = 0
      try {
        // Page by page at the end: whole blocks are what a database asks for.
        for (const block of [Buffer.alloc(1 << 20), Buffer.alloc(1 << 12)]) while (hasTaken(file, block)) written += block.length
      } finally {
        closeSync(file)
      }
      const { bavail } = statfsSync(path)
      if (bavail > 0) throw new Error(`${bavail} blocks are left on the small disk after ${written} bytes`)
    },
    makeRoom: () => rmSync(filler, { force: true }),
    remove() {
      // Lazily: what still has a file open there keeps it until it ends.
      const stuck = run('umount', ['--lazy', path])
      if (stuck) throw new Error(`the small disk at ${path} could not be unmounted: ${stuck}`)
      rmdirSync(path)
    },
  }
}

function hasTaken(file: number, block: Buffer): boolean {
  try {
    return writeSync(file, block) === block.length
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOSPC') return false
    throw error
  }
}

/**
 * Puts a stopped PostgreSQL's tables onto the small disk, and leaves its log where there is room: without room for the log the server ends
 * itself, which is a database that is away.
 */
export function moveDatabase(folder: string, disk: SmallDisk): void {
  const data = `${folder}/postgres`
  if (lstatSync(data).isSymbolicLink()) throw new Error('the database is on a small disk already')
  renameSync(`${data}/pg_wal`, `${folder}/postgres-wal`)
  symlinkSync(`${folder}/postgres-wal`, `${data}/pg_wal`)
  const moved = `${disk.path}/postgres`
  mkdirSync(moved, { mode: 0o700 })
  // `cp` keeps owners and modes, which the server insists on.
  const failed = run('cp', ['-a', `${data}/.`, moved])
  if (failed) throw new Error(`the database does not fit onto the small disk: ${failed}`)
  rmSync(data, { recursive: true })
  symlinkSync(moved, data)
}
