import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type FlowManifest, type FlowRelease, manifestOf, parseRelease, releaseHash, releaseId } from '@heliox/core/flows'
import { z } from 'zod'

/** A release that ships with the hub: `flows/<name>/v<N>/flow.json`. */
interface ShippedRelease {
  readonly name: string
  readonly version: number
  readonly hash: string
  readonly manifest: FlowManifest
  readonly release: FlowRelease
}
/** sha256 of every released version, by `name@version`. */
type FlowLock = Readonly<Record<string, string>>

const folder = import.meta.dirname
const readJson = (...path: string[]): unknown => JSON.parse(readFileSync(join(folder, ...path), 'utf8'))
const foldersIn = (path: string): string[] =>
  readdirSync(path, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)

/** Every release on disk, by name and version. The folder and the manifest must say the same. */
export function loadReleases(): ShippedRelease[] {
  return foldersIn(folder)
    .filter((name) => name !== 'check' && name !== 'node_modules')
    .flatMap((name) => foldersIn(join(folder, name)).map((version) => loadRelease(name, version)))
    .sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : a.version - b.version))
}

function loadRelease(name: string, versionFolder: string): ShippedRelease {
  const release = parseRelease(readJson(name, versionFolder, 'flow.json'))
  const manifest = manifestOf(release)
  if (manifest.name !== name || `v${manifest.version}` !== versionFolder) {
    throw new Error(`flows/${name}/${versionFolder} holds ${releaseId(manifest.name, manifest.version)}; rename the folder or correct the manifest`)
  }
  return { name, version: manifest.version, hash: releaseHash(release), manifest, release }
}

export const readLock = (): FlowLock => z.record(z.string(), z.string().length(64)).parse(readJson('flows.lock.json'))
