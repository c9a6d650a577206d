import { randomUUID } from 'node:crypto'
import cookie from '@fastify/cookie'
import helmet from '@fastify/helmet'
import rateLimit from '@fastify/rate-limit'
import { limits } from '@heliox/core/kit'
import fastify, { type FastifyInstance, type FastifyReply, LogController } from 'fastify'
import type { ApiDeps } from './deps.ts'
import { ClinicFactsCache } from './kit/clinic-facts.ts'
import { traceIdOf, traceparentFrom } from './kit/correlation.ts'
import { errorBody, handleErrors } from './kit/error-handler.ts'
import { Refusal } from './kit/errors.ts'
import { edgeLimits } from './kit/limits.ts'
import { Live } from './kit/live.ts'
import { admitCallers } from './kit/mount.ts'
import { RefusedWrites } from './kit/storage.ts'
import { liveView } from './live-view/index.ts'
import { openApiDocument } from './openapi.ts'
import { forgetRoutes } from './pages/forget-routes.ts'
import { apiPolicy } from './pages/policy.ts'
import { errorPage, pages } from './pages/routes.ts'
import { stopRoutes } from './pages/stop-routes.ts'
import { queueBoard } from './queues/index.ts'
import { adminHandlers } from './routes/admin/index.ts'
import { bulkReleaseHandlers } from './routes/bulk-releases/index.ts'
import { deskHandlers } from './routes/clinic/desk.ts'
import { clinicHandlers } from './routes/clinic/index.ts'
import { oneVisitHandlers } from './routes/clinic/one-visit.ts'
import { serveReceipts } from './routes/clinic/receipt.ts'
import { consentTextHandlers } from './routes/consent-texts/index.ts'
import { consentHandlers } from './routes/consents/index.ts'
import { correctionHandlers } from './routes/corrections/index.ts'
import { flowHandlers } from './routes/flows/index.ts'
import { formHandlers } from './routes/forms/index.ts'
import { healthHandlers } from './routes/health/index.ts'
import { hookHandlers } from './routes/hooks/index.ts'
import { incidentHandlers } from './routes/incidents/index.ts'
import { intakeHandlers } from './routes/intake/index.ts'
import { proofHandlers } from './routes/intake/proof.ts'
import { keyHandlers } from './routes/keys/index.ts'
import { liveHandlers } from './routes/live/index.ts'
import { lookHandlers } from './routes/look/index.ts'
import { messageHandlers } from './routes/messages/index.ts'
import { opsHandlers } from './routes/ops/index.ts'
import { payerHandlers } from './routes/payers/index.ts'
import { paymentHandlers } from './routes/payments/index.ts'
import { schedulerHandlers } from './routes/scheduler/index.ts'
import { serviceAccountHandlers } from './routes/service-accounts/index.ts'
import { sessionHandlers } from './routes/session/index.ts'
import { uploadHandlers } from './routes/uploads/index.ts'

export type { ApiDeps, ApiSettings, DeadLetters } from './deps.ts'

/** JSON only, and an empty body is no body: a form post or a text from another site never reaches a handler. */
function takeJsonOnly(app: FastifyInstance): void {
  app.removeAllContentTypeParsers()
  const parse = app.getDefaultJsonParser('error', 'error')
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body.length === 0) done(null, undefined)
    else parse(request, body as string, done)
  })
}

/** Correlation and trace for every request, and one log line per answer that names the route, never the URL: a URL may hold a link's token. */
function observe(app: FastifyInstance): void {
  app.decorateRequest('traceparent', '')
  app.addHook('onRequest', async (request, reply) => {
    request.traceparent = traceparentFrom(request.headers.traceparent)
    reply.header('x-correlation-id', request.id)
    reply.header('content-security-policy', apiPolicy)
    if (request.routeOptions.url?.startsWith('/api/')) reply.header('cache-control', 'no-store')
  })
  app.addHook('onResponse', async (request, reply) => {
    request.log.info(
      {
        method: request.method,
        route: request.routeOptions.url ?? null,
        status: reply.statusCode,
        durationMs: Math.round(reply.elapsedTime),
        traceId: traceIdOf(request.traceparent),
      },
      'answered',
    )
  })
}

/** Headers that every answer has. The policy for what a page may load is set per page; see `pages/policy.ts`. */
async function protect(app: FastifyInstance, deps: ApiDeps): Promise<void> {
  const https = deps.settings.publicUrl.startsWith('https:')
  await app.register(helmet, {
    contentSecurityPolicy: false,
    referrerPolicy: { policy: 'no-referrer' },
    xFrameOptions: { action: 'deny' },
    strictTransportSecurity: https ? { maxAge: 365 * 24 * 3600, includeSubDomains: true } : false,
  })
  await app.register(cookie)
  await app.register(rateLimit, {
    // Not per route: those hooks run after ours, and whoever is refused by ours would never be counted.
    global: false,
    max: deps.limits?.requestsPerMinuteMax ?? edgeLimits.requestsPerMinuteMax,
    timeWindow: 60_000,
    // By address alone: anything the caller may choose freely would be a way around it. A waiting room shares one address.
    keyGenerator: (request) => request.ip,
    allowList: (request) => request.routeOptions.config.operationId === 'getHealth',
    errorResponseBuilder: () => new Refusal('too-many-requests'),
  })
  app.addHook('onRequest', app.rateLimit())
}

/** The whole API as an object: `inject` it in tests, `listen` in `main.ts`. Every route must say who may come in, or it does not start. */
export async function buildApp(deps: ApiDeps): Promise<FastifyInstance> {
  const app = fastify({
    // One hop, ours: a longer chain could be written by the client.
    trustProxy: deps.settings.trustProxy ? (_address, hop) => hop === 0 : false,
    loggerInstance: deps.log,
    // The framework's own lines hold URLs and error texts; ours are in `observe` and in the error handler.
    logController: new LogController({ disableRequestLogging: true, requestIdLogLabel: 'correlationId' }),
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    bodyLimit: limits.bodyBytesMax,
    requestTimeout: edgeLimits.requestMsMax,
    exposeHeadRoutes: false,
    routerOptions: { maxParamLength: edgeLimits.urlCharsMax },
    forceCloseConnections: 'idle',
    // The default answer and log of a broken request quote it.
    clientErrorHandler: (error, socket) => {
      if (!socket.writable) return
      const correlationId = randomUUID()
      // The code only: the error holds the bytes that came.
      deps.log.info({ correlationId, code: 'invalid', reason: error.code ?? null }, 'refused')
      const body = JSON.stringify(errorBody(new Refusal('invalid'), correlationId))
      socket.end(`HTTP/1.1 400 Bad Request\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`)
    },
    // A URL that cannot be decoded: the framework's own text repeats it.
    frameworkErrors: (_error, request, reply) => {
      void (reply as FastifyReply)
        .code(400)
        .header('x-correlation-id', request.id)
        .send(errorBody(new Refusal('invalid'), request.id))
    },
  })
  app.addHook('onRoute', (route) => {
    if (!route.config?.access) throw new Error(`${String(route.method)} ${route.url} does not say who may come in`)
  })
  takeJsonOnly(app)
  observe(app)
  const refusedWrites = new RefusedWrites()
  handleErrors(app, errorPage, refusedWrites)
  await protect(app, deps)
  admitCallers(app, deps)

  const clinics = new ClinicFactsCache(deps)
  const live = new Live(deps.limits)
  app.addHook('onReady', async () => {
    await Promise.all([live.start(deps.changes), clinics.start(deps.changes)])
  })
  // Before the server waits for open connections: a stream would keep it waiting.
  app.addHook('preClose', async () => {
    await Promise.all([live.stop(), clinics.stop()])
  })

  intakeHandlers(app, deps, clinics, live)
  proofHandlers(app, deps, clinics)
  uploadHandlers(app, deps)
  correctionHandlers(app, deps, clinics)
  consentHandlers(app, deps)
  consentTextHandlers(app, deps, clinics)
  lookHandlers(app, deps, clinics)
  sessionHandlers(app, deps, clinics)
  clinicHandlers(app, deps)
  deskHandlers(app, deps, clinics)
  oneVisitHandlers(app, deps, clinics)
  serveReceipts(app, deps, clinics)
  opsHandlers(app, deps, live)
  incidentHandlers(app, deps)
  liveHandlers(app, deps)
  serviceAccountHandlers(app, deps)
  adminHandlers(app, deps, clinics)
  keyHandlers(app, deps)
  bulkReleaseHandlers(app, deps)
  payerHandlers(app, deps)
  formHandlers(app, deps, clinics)
  schedulerHandlers(app, deps)
  paymentHandlers(app, deps)
  messageHandlers(app, deps)
  hookHandlers(app, deps)
  flowHandlers(app, deps)
  healthHandlers(app, deps, refusedWrites)
  stopRoutes(app, deps, clinics)
  forgetRoutes(app, deps)
  pages(app, deps, clinics)
  queueBoard(app, deps)
  liveView(app, deps)
  const document = openApiDocument()
  app.get('/api/openapi.json', { config: { access: { by: 'anyone', why: 'the document is public' } } }, async () => document)
  return app
}
