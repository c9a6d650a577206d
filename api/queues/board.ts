import { createBullBoard } from '@bull-board/api'
import type { AppControllerRoute, AppViewRoute, BullBoardQueues, IServerAdapter, UIConfig } from '@bull-board/api/dist/types.js'

/** The parts of bull-board that a server binds: its routes as data, and the page's configuration. */
interface BoardParts {
  api: readonly AppControllerRoute[]
  entry: AppViewRoute
  uiConfig: UIConfig
}

/**
 * What bull-board hands to a server. Its own Fastify binding is not used: it registers every route it has for one list of queues, and
 * ours are made anew for each caller, so that a clinic's people see their clinic's only.
 */
export function boardParts(uiConfig: UIConfig): BoardParts {
  const taken: Partial<BoardParts> = {}
  const server: IServerAdapter = {
    setQueues: () => server,
    setViewsPath: () => server,
    setStaticPath: () => server,
    setErrorHandler: () => server,
    setEntryRoute: (entry) => {
      taken.entry = entry
      return server
    },
    setApiRoutes: (api) => {
      taken.api = api
      return server
    },
    setUIConfig: (config) => {
      taken.uiConfig = config
      return server
    },
  }
  createBullBoard({ queues: [], serverAdapter: server, options: { uiConfig } })
  const { api, entry, uiConfig: config } = taken
  if (!api || !entry || !config) throw new Error('bull-board did not hand over its routes')
  return { api, entry, uiConfig: config }
}

/** Which of the board's routes are served. What is not here changes a Redis queue, or reads what only one has. */
const served: readonly { method: 'get' | 'put' | 'patch'; route: string }[] = [
  { method: 'get', route: '/api/queues' },
  { method: 'get', route: '/api/queues/:queueName/:jobId' },
  { method: 'get', route: '/api/queues/:queueName/:jobId/logs' },
  { method: 'get', route: '/api/queues/:queueName/:jobId/flow' },
  { method: 'get', route: '/api/queues/:queueName/default-job-options' },
  { method: 'get', route: '/api/queues/:queueName/job-data-schema' },
  { method: 'get', route: '/api/queues/:queueName/rate-limit' },
  { method: 'put', route: '/api/queues/:queueName/:jobId/retry' },
  { method: 'patch', route: '/api/queues/:queueName/:jobId/update-data' },
]

/** One served route; throws at start when a newer board no longer has it. */
export function servedRoutes(
  parts: BoardParts,
): { method: Uppercase<(typeof served)[number]['method']>; route: string; handler: AppControllerRoute['handler'] }[] {
  return served.map(({ method, route }) => {
    const found = parts.api.find((one) => [one.method].flat().includes(method) && [one.route].flat().includes(route))
    if (!found) throw new Error(`bull-board has no ${method} ${route} any more`)
    return { method: method.toUpperCase() as Uppercase<typeof method>, route, handler: found.handler }
  })
}

export type { BullBoardQueues }
