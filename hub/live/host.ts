import { timingSafeEqual } from 'node:crypto'
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Log } from '@heliox/core/kit'
import express, { type NextFunction, type Request, type Response } from 'express'
import type { LiveServices } from './node.ts'

/** Where the API puts the view, and so where it lies here too: the page asks for its parts under this path. */
const liveRoot = '/ops'
/** The header by which the API shows that a request came through it. */
// `api/live-view` sends it.
const liveKeyHeader = 'x-hub-live'

interface LiveHost {
  url: string
  stop(): Promise<void>
}

interface LiveOptions {
  host: string
  port: number
  /** Shared with the API: whoever has not signed in there has no way in here. */
  key: string
  services: LiveServices
  log: Log
}

/** Node-RED's own nodes that are loaded: none but what it cannot be without. */
const coreFilesKept = new Set(['98-unknown.js'])
const startMsMax = 30_000
/** What a browser may say on its socket: "show me this widget". Anything else would change what others see, or reach a node. */
const socketEventsTaken = new Set(['widget-load'])
/** Doors of the dashboard that are for its makers, and its offline copy: figures of a clinic stay in no browser. */
const notServed = [/\/_debug(\/|$)/, /\/sw\.js$/, /\.webmanifest$/]

interface RedLibrary {
  init(server: Server, settings: Record<string, unknown>): void
  start(): Promise<void>
  stop(): Promise<void>
  httpNode: express.Express
  events: { once(event: string, listener: () => void): void }
}
interface Socket {
  use(check: (packet: unknown[], next: (error?: Error) => void) => void): void
}

/**
 * Node-RED with the dashboard's nodes: no editor, no admin HTTP, no other nodes than the dashboard's and ours, its flow from git. It is
 * reached through the API alone, which asks for the sign-in; it holds figures of one clinic and knows no database and no bus.
 */
export async function startLive({ host, port, key, services, log }: LiveOptions): Promise<LiveHost> {
  const require = createRequire(import.meta.url)
  const RED = require('node-red') as RedLibrary
  const userDir = await mkdtemp(join(tmpdir(), 'heliox-live-'))
  await writeFile(join(userDir, 'package.json'), JSON.stringify({ name: 'heliox-live', private: true }))
  const flows = JSON.parse(await readFile(new URL('./flow.json', import.meta.url), 'utf8')) as unknown[]

  const app = express()
  app.disable('x-powered-by')
  app.use((request: Request, response: Response, next: NextFunction) => {
    if (notServed.some((door) => door.test(request.path))) response.status(404).end()
    else next()
  })
  const server = createServer(app)
  RED.init(server, {
    userDir,
    nodesDir: [fileURLToPath(new URL('./nodes/', import.meta.url))],
    nodesExcludes: await coreFilesLeftOut(dirname(require.resolve('@node-red/nodes'))),
    storageModule: storage(flows),
    httpAdminRoot: false,
    httpNodeRoot: liveRoot,
    disableEditor: true,
    credentialSecret: false,
    functionExternalModules: false,
    externalModules: {
      autoInstall: false,
      palette: { allowList: ['@flowfuse/node-red-dashboard'], allowInstall: false, allowUpdate: false, allowUpload: false },
      modules: { allowInstall: false },
    },
    runtimeState: { enabled: false, ui: false },
    diagnostics: { enabled: false, ui: false },
    telemetry: { enabled: false, updateNotification: false },
    editorTheme: { projects: { enabled: false }, palette: { catalogues: [] }, tours: false },
    logging: {
      console: { level: 'off' },
      hub: {
        level: 'warn',
        metrics: false,
        audit: false,
        handler:
          () =>
          ({ msg }: { msg: unknown }) =>
            log.warn({}, `node-red: ${String(msg)}`),
      },
    },
    dashboard: { ioMiddleware: [readOnlySocket] },
    live: services,
  })
  app.use(liveRoot, RED.httpNode)
  const flowsUp = new Promise<void>((resolve, reject) => {
    const late = setTimeout(() => reject(new Error('Node-RED did not start its flow')), startMsMax)
    RED.events.once('flows:started', () => {
      clearTimeout(late)
      resolve()
    })
  })
  await Promise.all([flowsUp, RED.start()])
  guard(server, key)
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, resolve)
  })
  const address = server.address()
  return {
    url: `http://${host}:${typeof address === 'object' && address ? address.port : port}`,
    async stop() {
      server.closeAllConnections()
      await RED.stop()
      await new Promise<void>((resolve) => server.close(() => resolve()))
      await rm(userDir, { recursive: true, force: true })
    },
  }
}

/** Before everything that listens, since socket.io answers before the app does: whoever lacks the key gets no answer but this. */
function guard(server: Server, key: string): void {
  const wanted = Buffer.from(key)
  const mayEnter = (request: IncomingMessage): boolean => {
    const given = Buffer.from(String(request.headers[liveKeyHeader] ?? ''))
    return given.length === wanted.length && timingSafeEqual(given, wanted)
  }
  const refusal = 'Sign in at the hub.\n'
  const put = (event: 'request' | 'upgrade', refuse: (answer: ServerResponse & Duplex) => void): void => {
    const behind = server.listeners(event)
    server.removeAllListeners(event)
    server.on(event, (request: IncomingMessage, answer: ServerResponse & Duplex, ...rest: unknown[]) => {
      if (!mayEnter(request)) refuse(answer)
      else for (const listener of behind as ((...all: unknown[]) => void)[]) listener.call(server, request, answer, ...rest)
    })
  }
  put('request', (answer) => answer.writeHead(403, { 'content-type': 'text/plain' }).end(refusal))
  put('upgrade', (socket) => socket.end(`HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: ${refusal.length}\r\n\r\n${refusal}`))
}

function readOnlySocket(socket: Socket, next: () => void): void {
  socket.use((packet, pass) => {
    // What is not taken is dropped without an answer.
    if (socketEventsTaken.has(String(packet[0]))) pass()
  })
  next()
}

async function coreFilesLeftOut(folder: string): Promise<string[]> {
  const files = await readdir(folder, { recursive: true })
  return files.map((file) => basename(file)).filter((file) => /\.c?js$/.test(file) && !coreFilesKept.has(file))
}

/** The flow is the one in git; nothing is kept. */
function storage(flows: readonly unknown[]): Record<string, unknown> {
  const nothing = async (): Promise<object> => ({})
  const kept = async (): Promise<void> => undefined
  return {
    ...{ init: kept, getFlows: async () => flows, saveFlows: kept, getCredentials: nothing, saveCredentials: kept, getSettings: nothing },
    ...{ saveSettings: kept, getSessions: nothing, saveSessions: kept, getLibraryEntry: nothing, saveLibraryEntry: kept },
  }
}
