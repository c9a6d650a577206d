import type { SessionView } from '../client.gen.ts'

const homes: Record<SessionView['roles'][number], string> = { admin: '/admin', ops: '/ops', 'front-desk': '/clinic', analyst: '/admin/flows' }
const inside = /^\/(ops|clinic|admin)(\/|\?|$)/

/** Where a person goes after signing in: back to where they came from, if that is one of our pages; else to their work. */
export function homeOf(session: SessionView, next: string | null): string {
  if (next && inside.test(next)) return next
  const role = session.roles[0]
  return role ? homes[role] : '/signin'
}
