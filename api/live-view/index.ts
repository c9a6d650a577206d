import proxy from '@fastify/http-proxy'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../deps.ts'
import { mayOrRefuse, refuseForeignOrigin, staffCaller } from '../kit/caller.ts'
import { Refusal } from '../kit/errors.ts'
import { edgeLimits } from '../kit/limits.ts'
import { pagePolicy } from '../pages/policy.ts'

const base = '/ops/live'
/** What the view needs to know of a request; the session's cookie stays here. */
const headersPassed = ['accept', 'accept-encoding', 'accept-language', 'content-type', 'content-length', 'if-none-match', 'if-modified-since', 'user-agent']
/** What of its answers is passed on; policy, framing and caching are this side's to say. */
const headersTaken = ['content-type', 'content-length', 'content-encoding', 'etag', 'last-modified', 'location', 'vary']

declare module 'fastify' {
  interface FastifyRequest {
    /** Where the view of the caller's clinic runs. */
    liveUrl?: string
  }
}

/**
 * The live view at /ops/live: a process of its own (`hub/live`), one per clinic, reached through here alone. Who may see it is asked for
 * every request, and again whenever the socket begins anew; it is let go after ten minutes, as every stream is.
 */
export function liveView(app: FastifyInstance, deps: ApiDeps): void {
  const { liveUrls, liveKey } = deps.settings
  if (liveKey === undefined || Object.keys(liveUrls).length === 0) {
    for (const url of [base, `${base}/*`])
      app.get(url, { config: { access: { by: 'page', why: 'there is no view' } } }, () => Promise.reject(new Refusal('live-away')))
    return
  }
  const key = { 'x-hub-live': liveKey }
  const passed = (headers: Record<string, unknown>): Record<string, string> =>
    Object.fromEntries(headersPassed.flatMap((name) => (typeof headers[name] === 'string' ? [[name, headers[name]]] : [])))

  // Its types do not know that it may rewrite these headers too: without this the session's cookie would go along.
  const socketOptions = { rewriteRequestHeaders: () => key, handshakeTimeout: edgeLimits.requestMsMax }
  const options: Parameters<typeof proxy>[1] = {
    upstream: '',
    prefix: base,
    rewritePrefix: base,
    httpMethods: ['GET', 'POST'],
    config: { access: { by: 'page', why: 'asks for the session itself: whoever has none is sent to sign in' } },
    preHandler: (request, reply, done) => {
      letIn(deps, request, reply).then((go) => go && done(), done)
    },
    replyOptions: {
      getUpstream: (request) => (request as FastifyRequest).liveUrl ?? '',
      rewriteRequestHeaders: (_request, headers) => ({ ...passed(headers), ...key }),
      rewriteHeaders: (headers) => answerHeaders(headers),
      onError: (reply) => {
        // The view's process is away or too slow: a page that says so, and the rest of operations goes on.
        void (reply as FastifyReply).send(new Refusal('live-away'))
      },
    },
    websocket: true,
    wsClientOptions: socketOptions,
    wsServerOptions: { maxPayload: 100_000 },
    wsHooks: {
      onConnect: (_context, source) => {
        const end = setTimeout(() => source.close(), edgeLimits.streamMsMax)
        source.on('close', () => clearTimeout(end))
      },
    },
  }
  // Of its own: what this API takes from a body is JSON, and the proxy hands bodies on as they are.
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    await scope.register(proxy, options)
  })
}

/** False: the answer was given. */
async function letIn(deps: ApiDeps, request: FastifyRequest, reply: FastifyReply): Promise<boolean> {
  try {
    const { actor, user } = await staffCaller(deps, request)
    // A socket too: another site could open one with this person's cookie.
    if (request.method !== 'GET' || request.headers.upgrade !== undefined) refuseForeignOrigin(deps, request)
    await mayOrRefuse(deps, actor, 'live.read', { tenantId: user.tenantId }, request.id)
    const url = deps.settings.liveUrls[user.tenantId]
    if (url === undefined) throw new Refusal('live-away')
    request.liveUrl = url
    return true
  } catch (error) {
    if (!(error instanceof Refusal) || error.code !== 'not-signed-in' || request.headers['sec-fetch-mode'] !== 'navigate') throw error
    reply.redirect(`/signin?next=${encodeURIComponent(base)}`, 302)
    return false
  }
}

/**
 * The dashboard writes its theme into a style of the page as it starts, so styles may stand in this page; scripts may not, and nothing is
 * loaded from, or said to, anybody else. No worker: the dashboard would keep the page for offline use.
 */
const policy = `${pagePolicy().replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")}; worker-src 'none'`

function answerHeaders(headers: Record<string, unknown>): Record<string, string> {
  const taken = Object.fromEntries(headersTaken.flatMap((name) => (headers[name] === undefined ? [] : [[name, String(headers[name])]])))
  return { ...taken, 'content-security-policy': policy, 'cache-control': 'no-store' }
}
