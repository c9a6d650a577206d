import { existsSync, readFileSync } from 'node:fs'
import type { Structure } from '../validation/trim.ts'
import type { UsCore } from './versions.ts'

/**
 * Profiles that the operator loaded (`npm run -s hub -- fhir load FILE`), from the folder that `US_CORE_PACKAGES` names. Without
 * them our own table stands alone. Read once: a package that is loaded later counts from the next start on.
 */
export interface LoadedPackage {
  name: string
  version: string
  structures: Structure[]
}
export const packageFile = (folder: string, version: string): string => `${folder}/us-core-${version}.json`

const read = new Map<string, LoadedPackage | null>()
export function loadedPackage(version: UsCore, folder = process.env.US_CORE_PACKAGES): LoadedPackage | null {
  if (version === 'none' || !folder) return null
  const file = packageFile(folder, version)
  const before = read.get(file)
  if (before !== undefined) return before
  const loaded = existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as LoadedPackage) : null
  read.set(file, loaded)
  return loaded
}
/** The profile of this version that says what a resource of this type is; extensions are not meant. */
export const profileOf = (version: UsCore, type: string): Structure | null =>
  loadedPackage(version)?.structures.find((s) => s.type === type && s.type !== 'Extension') ?? null
