import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

export const getHealth = defineRoute({
  operationId: 'getHealth',
  method: 'GET',
  url: '/api/health',
  tag: 'health',
  summary: 'The process answers.',
  access: { by: 'anyone', why: 'load balancers ask it; it says nothing about anyone' },
  success: { status: 200, body: z.object({ ok: z.literal(true), process: z.string() }).meta({ id: 'Health' }), description: 'Alive.' },
})

export const getReadiness = defineRoute({
  operationId: 'getReadiness',
  method: 'GET',
  url: '/api/ready',
  tag: 'health',
  summary: 'The process can do its work: its database answers and takes what is written.',
  access: { by: 'anyone', why: 'load balancers ask it; it says nothing about anyone' },
  success: { status: 200, body: z.object({ ok: z.literal(true) }).meta({ id: 'Readiness' }), description: 'Ready; 503 when not.' },
})

export const healthRoutes = [getHealth, getReadiness] as const
