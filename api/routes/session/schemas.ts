import { type Action, permissions, regions, roles } from '@heliox/core/identity'
import { LanguageTag } from '@heliox/core/kit'
import { z } from 'zod'
import { defineRoute } from '../../kit/route.ts'

const actions = Object.keys(permissions) as [Action, ...Action[]]

export const SessionView = z
  .object({
    userId: z.uuid(),
    displayName: z.string(),
    email: z.string(),
    roles: z.array(z.enum(roles)),
    /** What the menu may show; every route asks again. */
    actions: z.array(z.enum(actions)),
    tenant: z.object({
      id: z.uuid(),
      slug: z.string(),
      name: z.string(),
      timeZone: z.string(),
      region: z.enum(regions),
      /** Those that its patients are offered, the usual one first. */
      languages: z.array(LanguageTag).min(1),
    }),
    expiresAt: z.iso.datetime(),
  })
  .meta({ id: 'SessionView' })

export const signIn = defineRoute({
  operationId: 'signIn',
  method: 'POST',
  url: '/api/session',
  tag: 'session',
  summary: 'Sign in with the clinic, an email and a password; the session is a cookie.',
  access: { by: 'anyone', why: 'this is the way in; limited per address and per account' },
  body: z.strictObject({
    tenant: z
      .string()
      .trim()
      .toLowerCase()
      .regex(/^[a-z0-9-]{1,40}$/, 'must be the short name of the clinic'),
    email: z.string().trim().toLowerCase().min(3).max(120),
    password: z.string().min(1).max(200),
  }),
  success: { status: 200, body: SessionView, description: 'Signed in.' },
})

export const getSession = defineRoute({
  operationId: 'getSession',
  method: 'GET',
  url: '/api/session',
  tag: 'session',
  summary: 'Who is signed in.',
  access: { by: 'own-session' },
  success: { status: 200, body: SessionView, description: 'The session.' },
})

export const signOut = defineRoute({
  operationId: 'signOut',
  method: 'DELETE',
  url: '/api/session',
  tag: 'session',
  summary: 'End the session.',
  access: { by: 'own-session' },
  success: { status: 204, body: null, description: 'Signed out.' },
})

export const sessionRoutes = [signIn, getSession, signOut] as const
