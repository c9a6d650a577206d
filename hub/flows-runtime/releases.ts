import {
  checkFlow,
  consumeNodeFor,
  type FlowManifest,
  type FlowPalette,
  type FlowRelease,
  instantiate,
  isPassThrough,
  manifestOf,
  nodesOf,
  parseRelease,
  releaseHash,
  releaseId,
} from '@heliox/core/flows'
import type { Clock, Log } from '@heliox/core/kit'
import type { FlowStore } from '@heliox/core/ports'
import type { NodeRedHost } from './node-red-host.ts'

/** A release that this engine runs. */
export interface LoadedRelease {
  readonly manifest: FlowManifest
  /** Instantiated id of the consume node for this event. */
  entry(eventType: string): string | undefined
}

export interface Releases {
  /** What ships: registered with its hash, checked, deployed. Throws when one is not what it was, or breaks a rule. */
  loadShipped(shipped: readonly ShippedFlow[]): Promise<void>
  /** The pinned release; fetched, checked and deployed when it is not here yet. Undefined when there is none that may run. */
  ensure(flow: string, version: number): Promise<LoadedRelease | undefined>
  /** The newest loaded version of a flow: its limits hold before a pin is known. */
  newest(flow: string): LoadedRelease | undefined
}

export interface ShippedFlow {
  readonly name: string
  readonly version: number
  readonly hash: string
  readonly release: FlowRelease
  /** Of `flows.lock.json`; undefined for a release that was never locked. */
  readonly lockedHash: string | undefined
}

export function makeReleases(deps: { host: NodeRedHost; flows: FlowStore; palette: FlowPalette; clock: Clock; log: Log }): Releases {
  const { host, flows, palette, clock, log } = deps
  const loaded = new Map<string, LoadedRelease>()
  const loading = new Map<string, Promise<LoadedRelease | undefined>>()

  function checked(release: FlowRelease, lockedHash?: string): void {
    const { name, version } = manifestOf(release)
    const findings = checkFlow(release, palette, { lockedHash })
    if (findings.length > 0) throw new Error(`flow ${releaseId(name, version)} may not run: ${findings.map((f) => `${f.code}: ${f.message}`).join('; ')}`)
    const missing = nodesOf(release).find((node) => !isPassThrough(node) && !host.knows(node.type))
    if (missing) throw new Error(`flow ${releaseId(name, version)} needs the node type ${missing.type}, which this engine does not have`)
  }

  function runnable(stored: unknown): FlowRelease | Error {
    try {
      const release = parseRelease(stored)
      checked(release)
      return release
    } catch (error) {
      if (error instanceof Error) return error
      throw error
    }
  }

  function keep(release: FlowRelease): LoadedRelease {
    const manifest = manifestOf(release)
    const entry: LoadedRelease = { manifest, entry: (eventType) => consumeNodeFor(release, eventType) }
    loaded.set(releaseId(manifest.name, manifest.version), entry)
    return entry
  }

  async function fetch(flow: string, version: number): Promise<LoadedRelease | undefined> {
    const stored = await flows.release(flow, version)
    if (stored === undefined) return undefined
    const release = runnable(stored)
    if (release instanceof Error) {
      // Another engine, newer or with more node types, may be able to: the delivery goes back to the bus for it.
      log.error({ flow, version, text: release.message }, 'the pinned release may not run here')
      return undefined
    }
    await host.deploy(instantiate(release))
    log.info({ flow, version, hash: releaseHash(release).slice(0, 12) }, 'release loaded')
    return keep(release)
  }

  return {
    async loadShipped(shipped) {
      for (const { name, version, hash, release, lockedHash } of shipped) {
        checked(release, lockedHash)
        const registered = await flows.registerRelease(name, version, hash, release, clock.now())
        if (registered === 'changed') {
          throw new Error(
            `flow ${releaseId(name, version)} is not the release that was registered under this name (its hash is now ${hash.slice(0, 12)}). ` +
              'A released version never changes: make the change a new version.',
          )
        }
      }
      await host.deploy(shipped.flatMap(({ release }) => instantiate(release)))
      for (const { release } of shipped) keep(release)
    },

    async ensure(flow, version) {
      const id = releaseId(flow, version)
      const known = loaded.get(id)
      if (known) return known
      const running = loading.get(id) ?? fetch(flow, version).finally(() => loading.delete(id))
      loading.set(id, running)
      return running
    },

    newest(flow) {
      const versions = [...loaded.values()].filter(({ manifest }) => manifest.name === flow)
      return versions.sort((a, b) => b.manifest.version - a.manifest.version)[0]
    },
  }
}
