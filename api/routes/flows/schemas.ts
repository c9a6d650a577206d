import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

export const FlowView = z
  .object({
    name: z.string(),
    version: z.int(),
    hash: z.string(),
    enters: z.array(z.string()),
    leaves: z.array(z.string()),
  })
  .meta({ id: 'FlowView' })
export type FlowView = z.output<typeof FlowView>

export const listFlows = defineRoute({
  operationId: 'listFlows',
  method: 'GET',
  url: '/api/flows',
  tag: 'flows',
  summary: 'Released flows.',
  access: { by: 'session', action: 'flow.list' },
  success: { status: 200, body: z.object({ items: z.array(FlowView) }).meta({ id: 'FlowList' }), description: 'The releases.' },
})

export const flowRoutes = [listFlows] as const
