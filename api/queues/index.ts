import { fileURLToPath } from 'node:url'
import { type Action, actorText, authorize } from '@heliox/core/identity'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { z } from 'zod'
import type { ApiDeps } from '../deps.ts'
import { mayOrRefuse, refuseForeignOrigin, type StaffCaller, staffCaller } from '../kit/caller.ts'
import { Refusal } from '../kit/errors.ts'
import { pagePolicy } from '../pages/policy.ts'
import { type BullBoardQueues, boardParts, servedRoutes } from './board.ts'
import { boardFolder, boardPage } from './board-page.ts'
import { callerQueues } from './caller-queues.ts'
import { HubQueue } from './hub-queue.ts'

const base = '/ops/queues'
const ownFolder = fileURLToPath(new URL('./static/', import.meta.url))
/** The board asks in the handler: its page redirects, its calls are answered in its own shape of error. */
const page = (why: string) => ({ config: { access: { by: 'page', why } as const } })

const uiConfig = {
  boardTitle: 'Queues',
  favIcon: { default: '/favicon.svg', alternative: '/favicon.svg' },
  locale: { lng: 'en-US' },
  miscLinks: [{ text: 'Back to operations', url: '/ops' }],
  hideDocsLink: true,
  hideRedisDetails: true,
  showWorkers: false,
  showMetrics: false,
  pollingInterval: { showSetting: true },
}

/** bull-board at /ops/queues: flows' queues, dead letters and the override queue of the caller's clinic, without Redis. */
export function queueBoard(app: FastifyInstance, deps: ApiDeps): void {
  const parts = boardParts(uiConfig)
  const { params } = parts.entry.handler({ basePath: base, uiConfig: parts.uiConfig })
  const html = boardPage(params)
  // The board's script draws sizes and colours as it runs, which a policy for styles in the page does not touch; it needs its `base`.
  const policy = pagePolicy().replace("base-uri 'none'", "base-uri 'self'")

  for (const url of [parts.entry.route].flat()) {
    for (const at of url === '/' ? [base, `${base}/`] : [`${base}${url}`]) {
      app.get(at, page('asks for the session itself: whoever has none is sent to sign in'), async (request, reply) => {
        const caller = await signedIn(deps, request)
        if (!caller) return reply.redirect(`/signin?next=${encodeURIComponent(base)}`, 302)
        await mayLook(deps, caller, request)
        return reply.header('content-security-policy', policy).header('cache-control', 'no-store').type('text/html; charset=utf-8').send(html)
      })
    }
  }

  for (const { method, route, handler } of servedRoutes(parts)) {
    app.route({
      method,
      url: `${base}${route}`,
      ...page('asks for the session itself: the board reads its own shape of error'),
      handler: async (request, reply) => {
        try {
          const caller = await staffCaller(deps, request)
          if (method !== 'GET') refuseForeignOrigin(deps, request)
          await mayLook(deps, caller, request)
          const queues = await queuesOf(deps, caller, request)
          const { query, params: asked, headers } = request as BoardRequest
          const answer = await handler({ queues, uiConfig: parts.uiConfig, params: asked, query: { ...query }, body: bodyOf(request), headers })
          return reply.code(answer.status ?? 200).send(answer.body)
        } catch (error) {
          if (!(error instanceof Refusal)) throw error
          return told(reply, error)
        }
      },
    })
  }

  app.get<{ Params: { '*': string } }>(`${base}/static/*`, page('the same for everyone'), (request, reply) =>
    reply.sendFile(`static/${request.params['*']}`, boardFolder, { maxAge: '1h' }),
  )
  app.get(`${base}/board.css`, page('the same for everyone'), (_request, reply) => reply.sendFile('board.css', ownFolder, { maxAge: '5m' }))
}

/** What the board's one form sends; anything else that it could carry is not read. */
const JobData = z.object({ jobData: z.record(z.string(), z.unknown()) })
function bodyOf({ method, body }: FastifyRequest): Record<string, unknown> {
  if (method !== 'PATCH') return {}
  const read = JobData.safeParse(body)
  if (!read.success) throw new Refusal('correction-refused')
  return read.data
}

interface BoardRequest extends FastifyRequest {
  params: Record<string, string>
  query: Record<string, string>
  headers: Record<string, string | undefined>
}

async function signedIn(deps: ApiDeps, request: FastifyRequest): Promise<StaffCaller | undefined> {
  try {
    return await staffCaller(deps, request)
  } catch (error) {
    if (error instanceof Refusal && error.code === 'not-signed-in') return undefined
    throw error
  }
}

const mayLook = (deps: ApiDeps, { actor, user }: StaffCaller, request: FastifyRequest): Promise<void> =>
  mayOrRefuse(deps, actor, 'queue.read', { tenantId: user.tenantId }, request.id)

/** Whoever may only look gets queues in which nothing can be done. */
async function queuesOf(deps: ApiDeps, caller: StaffCaller, request: FastifyRequest): Promise<BullBoardQueues> {
  const { actor, user } = caller
  const may = (action: Action): boolean => authorize(actor, action, { tenantId: user.tenantId })
  const views = await callerQueues(deps, {
    tenantId: user.tenantId,
    userId: user.userId,
    actor: actorText(actor),
    now: deps.clock.now(),
    correlationId: request.id,
  })
  return new Map(views.map(({ view, retryNeeds }) => [view.name, new HubQueue(view, { mayRetry: may(retryNeeds) })]))
}

const headlines: Record<number, string> = { 401: 'ERRORS.FORBIDDEN', 403: 'ERRORS.FORBIDDEN', 404: 'ERRORS.JOB_NOT_FOUND' }
/** The board shows a headline of its own and our words under it. */
const told = (reply: FastifyReply, { status, message }: Refusal): FastifyReply =>
  reply.code(status).send({ error: { key: headlines[status] ?? 'ERRORS.INTERNAL_SERVER_ERROR' }, message })
