import { type Adapter, type Receiver, sha256Hex } from '@heliox/core/kit'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import { found, Refusal } from '../../kit/errors.ts'

interface Door {
  id: string
  adapter: Adapter
  receiver: Receiver<unknown, unknown> & { webhook: NonNullable<Receiver<unknown, unknown>['webhook']> }
}

/**
 * Where partners call us. The bytes are proven, kept (sealed, with their hash) and answered; an engine reads them. Nothing is parsed here:
 * a signature is over the raw bytes, and who is slow to say 200 is called again. No line of a log holds a body, a signature or an address.
 */
export function hookHandlers(app: FastifyInstance, deps: ApiDeps): void {
  const doors = new Map(deps.adapters.flatMap((adapter) => doorOf(adapter)).map((door) => [door.adapter.id, door]))
  const bytesMax = Math.max(1, ...[...doors.values()].map(({ receiver }) => receiver.webhook.bodyBytesMax))
  void app.register(async (scope) => {
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: bytesMax }, (_request, body, done) => done(null, body))
    const access = { by: 'partner', why: 'each call is proven by its signature' } as const
    scope.post<{ Params: { adapterId: string; hookKey: string } }>(
      '/hooks/:adapterId/:hookKey',
      { bodyLimit: bytesMax, config: { access } },
      async (request, reply) => {
        const { adapterId, hookKey } = request.params
        const door = found(doors.get(adapterId), 'no-such-route')
        const kept = await take(deps, door, hookKey, request)
        const { reply: said = usualReply } = door.receiver.webhook
        request.log.info({ receiver: door.id, kept }, 'a partner called')
        return reply.code(200).type(said.contentType).send(said.body)
      },
    )
  })
}

const usualReply = { contentType: 'application/json; charset=utf-8', body: JSON.stringify({ received: true }) }

function doorOf(adapter: Adapter): Door[] {
  const named = Object.entries(adapter.receive).find(([, receiver]) => receiver.webhook !== undefined)
  return named ? [{ id: `${adapter.id}.${named[0]}`, adapter, receiver: named[1] as unknown as Door['receiver'] }] : []
}

async function take(deps: ApiDeps, { id, adapter, receiver }: Door, hookKey: string, request: FastifyRequest): Promise<'kept' | 'known'> {
  if (!/^[A-Za-z0-9_-]{32,64}$/.test(hookKey)) throw new Refusal('no-such-route')
  const { tenantId, region } = found(await deps.hooks.find(adapter.id, hookKey), 'no-such-route')
  if (region !== deps.settings.region) throw new Refusal('wrong-region')
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0)
  if (body.length > receiver.webhook.bodyBytesMax) throw new Refusal('too-large')
  const connection = found(await deps.hooks.open(tenantId, adapter.id), 'no-such-route')
  const config = adapter.config.safeParse(connection.config)
  if (!config.success || !receiver.enabled(config.data)) throw new Refusal('no-such-route')
  const now = deps.clock.now()
  const headers = Object.fromEntries(Object.entries(request.headers).flatMap(([name, value]) => (typeof value === 'string' ? [[name, value]] : [])))
  const call = { url: new URL(request.raw.url ?? '/', deps.settings.publicUrl).href, headers, body }
  const proof = receiver.webhook.verify(call, connection.secrets as never, now)
  if (proof === 'too-old') throw new Refusal('call-too-old')
  if (proof !== 'genuine') throw new Refusal('call-not-genuine')
  const bytes = receiver.webhook.keeps?.(call) ?? body
  return deps.hooks.keep(tenantId, id, { name: 'webhook', sha256: sha256Hex(bytes), bytes }, now)
}
