import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Log } from '@heliox/core/kit'
import type { NodeRuntime } from '@heliox/core/ports'
import type { HubMessage } from './settlement.ts'

/**
 * Node-RED as a library: no editor, no admin HTTP, no palette, no projects, no telemetry, nothing on disk but an empty folder.
 * It holds the graph and carries messages along its wires; it decides nothing and stores nothing.
 */
export interface NodeRedHost {
  /** Adds nodes to what runs. Only tabs that changed restart; what is on its way in the others stays. */
  deploy(nodes: readonly Record<string, unknown>[]): Promise<void>
  /** Types that are registered: a release may need no other. */
  knows(type: string): boolean
  inject(nodeId: string, message: HubMessage): void
  stop(): Promise<void>
}

interface NodeRedOptions {
  runtime: NodeRuntime
  /** Folders with node sets besides those of the package `@heliox/nodes`, which Node-RED finds by itself; tests have some. */
  nodesDirs?: readonly string[]
  /** Where Node-RED may keep its empty user folder; a fresh one under the system's temporary folder when left out. */
  folder?: string
  log: Log
  /** A node that is not ours said that it failed with this message (switch, link). */
  onNodeError(message: unknown, step: string, error: unknown): void
}

/** Core nodes that a release may hold besides ours; `98-unknown` is what Node-RED itself needs. */
const coreFilesKept = new Set(['05-junction.js', '10-switch.js', '25-catch.js', '60-link.js', '90-comment.js', '98-unknown.js'])

const startMsMax = 20_000

/** As much of Node-RED as is used here. */
interface RedLibrary {
  init(settings: Record<string, unknown>): void
  start(): Promise<void>
  stop(): Promise<void>
  hooks: {
    add(id: string, hook: (event: { error?: unknown; msg?: unknown; node: { node: { name?: string; id: string } } }) => void): void
    remove(id: string): void
  }
  nodes: { getNode(id: string): { receive(message: unknown): void } | null; getType(type: string): unknown }
  runtime: { flows: { setFlows(options: { flows: { flows: readonly Record<string, unknown>[] }; deploymentType: 'flows' }): Promise<unknown> } }
  events: {
    once(event: string, listener: () => void): void
  }
}

export async function bootNodeRed(options: NodeRedOptions): Promise<NodeRedHost> {
  const require = createRequire(import.meta.url)
  const RED = require('node-red') as RedLibrary
  const own = options.folder === undefined
  const userDir = options.folder ?? (await mkdtemp(join(tmpdir(), 'heliox-engine-')))
  await mkdir(userDir, { recursive: true })
  // Without one, Node-RED logs a missing file at every start.
  await writeFile(join(userDir, 'package.json'), JSON.stringify({ name: 'heliox-engine', private: true }))

  let flows: Record<string, unknown>[] = []
  let deploying: Promise<void> = Promise.resolve()
  RED.init({
    userDir,
    nodesDir: options.nodesDirs ?? [],
    nodesExcludes: await coreFilesLeftOut(dirname(require.resolve('@node-red/nodes'))),
    storageModule: storage(() => flows),
    httpAdminRoot: false,
    httpNodeRoot: false,
    disableEditor: true,
    credentialSecret: false,
    functionExternalModules: false,
    functionGlobalContext: {},
    externalModules: {
      autoInstall: false,
      // Node-RED looks through node_modules for packs: ours is the only one it may take.
      palette: { allowList: ['@heliox/nodes'], allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    runtimeState: { enabled: false, ui: false },
    diagnostics: { enabled: false, ui: false },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { projects: { enabled: false }, palette: { catalogues: [] }, tours: false },
    logging: { console: { level: 'off' }, hub: { level: 'warn', metrics: false, audit: false, handler: () => logEntry(options.log) } },
    heliox: options.runtime,
  })
  RED.hooks.add('onComplete.heliox', ({ error, msg, node }) => {
    if (error) options.onNodeError(msg, node.node.name ?? node.node.id, error)
  })
  // Both `start` and `setFlows` resolve before the nodes are up, and what goes wrong in between is only logged.
  const flowsUp = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('Node-RED did not start its flows')), startMsMax)
      RED.events.once('flows:started', () => {
        clearTimeout(late)
        resolve()
      })
    })
  await Promise.all([flowsUp(), RED.start()])

  return {
    knows: (type) => Boolean(RED.nodes.getType(type)),
    deploy(nodes) {
      // One after the other: each waits for the start that it caused.
      const mine = deploying.then(async () => {
        const replaced = new Set(nodes.map((node) => node.id))
        const next = [...flows.filter((node) => !replaced.has(node.id)), ...nodes]
        // `flows`, never `full`: a full deploy stops every node, and with them what is on its way.
        await Promise.all([flowsUp(), RED.runtime.flows.setFlows({ flows: { flows: next }, deploymentType: 'flows' })])
        flows = next
      })
      deploying = mine.catch(() => undefined)
      return mine
    },
    inject(nodeId, message) {
      const node = RED.nodes.getNode(nodeId)
      if (!node) throw new Error(`node ${nodeId} is not deployed`)
      node.receive(message)
    },
    async stop() {
      RED.hooks.remove('onComplete.heliox')
      await RED.stop()
      if (own) await rm(userDir, { recursive: true, force: true })
    },
  }
}

/** File names of Node-RED's own nodes that must not even be loaded: a node that is not there cannot be used. */
async function coreFilesLeftOut(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.map((file) => basename(file)).filter((file) => /\.c?js$/.test(file) && !coreFilesKept.has(file))
}

/** Everything Node-RED would keep on disk, in memory and forgotten: releases come from git and the catalogue. */
function storage(flows: () => Record<string, unknown>[]): Record<string, unknown> {
  const nothing = async (): Promise<object> => ({})
  const kept = async (): Promise<void> => undefined
  return {
    init: kept,
    getFlows: async () => flows(),
    saveFlows: kept,
    getCredentials: nothing,
    saveCredentials: kept,
    getSettings: nothing,
    saveSettings: kept,
    getSessions: nothing,
    saveSessions: kept,
    getLibraryEntry: nothing,
    saveLibraryEntry: kept,
  }
}

interface LogEntry {
  level: number
  msg: unknown
  id?: string
  type?: string
  name?: string
}
const redError = 20

/** A node's own text may quote a message; of a node only its type and name are logged. The runtime's texts are Node-RED's own. */
function logEntry(log: Log): (entry: LogEntry) => void {
  return ({ level, msg, id, type, name }) => {
    const write = level <= redError ? log.error.bind(log) : log.warn.bind(log)
    if (id) write({ nodeType: type, step: name ?? id }, 'a node complained')
    else write({}, `node-red: ${typeof msg === 'string' ? msg : 'an error without text'}`)
  }
}
