import type { Action } from '@heliox/core/identity'
import type { z } from 'zod'

/**
 * One route as data: from it come the Fastify route, the access check, the OpenAPI document, the UI's client and the tests
 * that walk every route with every role. A handler is handed parsed values and a caller that was let in; it decides neither.
 */
export type Access =
  /** A patient with the link's token, who has proved who they are where that is asked. `before: 'proof'`: also one who has not, yet. */
  | {
      by: 'link'
      action: Action
      before?: 'proof' /** The route compares the facts of the link in its commit: they need not be looked up first. */
      remembered?: true
    }
  /** Staff with a session; `action` is asked of `authorize`. */
  | { by: 'session'; action: Action }
  /** Staff with a session, or a program with a token of this clinic; `action` is asked of `authorize` for either. */
  | { by: 'session-or-service'; action: Action }
  /** Staff with a session, about that session only. */
  | { by: 'own-session' }
  /** No caller needed; the reason is read by reviewers. */
  | { by: 'anyone'; why: string }

type Method = 'GET' | 'POST' | 'PUT' | 'DELETE'
export type Tag = 'intake' | 'session' | 'clinic' | 'ops' | 'admin' | 'flows' | 'health'

export interface RouteSpec {
  readonly operationId: string
  readonly method: Method
  /** Fastify form: `/api/ops/overrides/:overrideId`. */
  readonly url: string
  readonly tag: Tag
  readonly summary: string
  readonly access: Access
  readonly params?: z.ZodObject
  readonly query?: z.ZodObject
  readonly headers?: z.ZodObject
  readonly body?: z.ZodType
  /** The one success status and its body; null: no body. Every failure has the one error shape. */
  readonly success: { readonly status: 200 | 201 | 202 | 204; readonly body: z.ZodType | null; readonly description: string }
  /** Server-sent events: the handler writes the answer itself; `success.body` is the shape of one event's data. */
  readonly stream?: boolean
  /** Failure statuses this route answers besides those that every route of its kind answers. */
  readonly refusals?: readonly (404 | 409 | 410)[]
}

/** Keeps the literal types, so that a handler's input and answer are inferred from the data. */
export function defineRoute<const R extends RouteSpec>(spec: R): R {
  return spec
}

type Parsed<S> = S extends z.ZodType ? z.output<S> : undefined
export interface RouteInput<R extends RouteSpec> {
  params: Parsed<R['params']>
  query: Parsed<R['query']>
  headers: Parsed<R['headers']>
  body: Parsed<R['body']>
}
/** What a handler returns: the success body before the schema has cut it to shape. */
export type RouteAnswer<R extends RouteSpec> = R['success']['body'] extends z.ZodType ? z.input<R['success']['body']> : undefined
