import type { ClinicLookInput, SavedView } from '../src/client.gen.ts'
import { soon } from './fake-kit.ts'
import { type OpsAnswer, ok } from './fake-ops-answer.ts'
import { answerBulk } from './fake-ops-bulk.ts'
import type { OpsData } from './fake-ops-data.ts'
import { answerDecision, answerItem } from './fake-ops-decide.ts'
import { listOf } from './fake-ops-list.ts'
import { fullAnswers } from './fake-ops-shapes.ts'

/** Undefined: not a call of operations. */
export function answerOps(data: OpsData, method: string, path: string, query: URLSearchParams, body: unknown): OpsAnswer | undefined {
  if (path === '/api/ops/overrides') return listOf(data, query)
  if (path === '/api/ops/rules') {
    if (method === 'PUT') data.twoPeople = (body as { confirmNeedsTwo: boolean }).confirmNeedsTwo
    return ok({ confirmNeedsTwo: data.twoPeople })
  }
  if (path === '/api/admin/look') {
    const { logo, ...wanted } = (body ?? {}) as Partial<ClinicLookInput>
    if (method === 'PUT') data.look = { ...data.look, ...wanted, logoUrl: logo === undefined ? data.look.logoUrl : logo }
    return ok(data.look)
  }
  if (path === '/api/ops/weather') return ok({ asOf: soon(0), payers: data.weather })
  if (path === '/api/ops/waiting') {
    const items = data.waiting.filter(({ payerId }) => !query.get('payer') || payerId === query.get('payer'))
    return ok({ items, total: items.length })
  }
  if (path === '/api/ops/views') return ok({ items: data.views })
  if (path.startsWith('/api/ops/views/')) {
    const id = path.split('/').at(-1) ?? ''
    data.views = data.views.filter((view) => view.id !== id)
    if (method === 'DELETE') return ok({ id })
    const view = { id, ...(body as Omit<SavedView, 'id'>) }
    data.views.push(view)
    return ok(view)
  }
  if (path.startsWith('/api/ops/bulk-releases')) return answerBulk(data, method, path, body)
  if (path.startsWith('/api/ops/decisions/')) return answerDecision(data, path)
  if (path.startsWith('/api/ops/') && path.endsWith('/answers')) return ok({ values: fullAnswers })
  if (path.startsWith('/api/ops/overrides/')) return answerItem(data, method, path, body)
  return undefined
}
