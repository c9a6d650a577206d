import type { Answer } from './fake-data.ts'
import { uuid } from './fake-kit.ts'

/** How the calls of operations are answered: with a body, or with a code and the fields it is about. */
export type OpsAnswer = Answer & { fields?: { path: string; message: string }[] }
export const ok = (body: unknown, status = 200): Answer => ({ status, body })
export const refused = (code: string, status = 409): OpsAnswer => ({ status, code })
/** Whoever looks at the screens. */
export const you = { userId: uuid(9), name: 'Robin Ade' }
