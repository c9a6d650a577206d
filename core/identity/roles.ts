import type { Role } from './model.ts'
import type { ServiceRole } from './service-accounts.ts'

/**
 * Who may do what: the one table behind `authorize(actor, action, resource)`, the menu a person sees, and the tests.
 * `patient` is a link, not a user; it reaches its own intake only.
 */
type ActorKind = Role | ServiceRole | 'patient'
export const permissions = {
  'intake.read': ['patient'],
  'intake.prove': ['patient'],
  'intake.draft': ['patient'],
  'intake.upload': ['patient'],
  'intake.submit': ['patient'],
  'intake.correct': ['patient'],
  'status.read': ['patient'],
  'consent.withdraw': ['patient'],
  'clinic.read': ['admin'],
  'clinic.write': ['admin'],
  'visit.create': ['front-desk', 'admin'],
  'visit.link': ['front-desk', 'admin'],
  'visit.change': ['front-desk', 'admin'],
  'visit.list': ['front-desk', 'ops', 'admin'],
  'visit.import': ['front-desk', 'admin'],
  'contact.read': ['front-desk', 'admin'],
  'contact.save': ['front-desk', 'admin'],
  'answers.read': ['front-desk', 'admin'],
  'consent.record-withdrawal': ['front-desk', 'admin'],
  'audit.read': ['admin'],
  'payment.read': ['front-desk', 'ops', 'admin'],
  'payment.charge': ['front-desk', 'admin'],
  'payment.refund': ['front-desk', 'admin'],
  'payment.plan': ['front-desk', 'admin'],
  'plan.agree': ['patient'],
  'method.leave': ['patient'],
  'photo.read': ['front-desk', 'ops', 'admin'],
  'override.list': ['ops', 'admin'],
  'override.read': ['ops', 'admin'],
  'override.open-input': ['ops'],
  'override.claim': ['ops'],
  'override.decide': ['ops'],
  'override.approve': ['ops'],
  'ops-rules.read': ['ops', 'admin'],
  'ops-rules.write': ['admin'],
  'answers.open': ['ops'],
  'incident.list': ['ops', 'admin'],
  'incident.close': ['ops'],
  'incident.send-again': ['ops'],
  'bulk-release.read': ['ops', 'admin'],
  'bulk-release.run': ['ops'],
  'journey.read': ['ops', 'front-desk', 'admin'],
  'payer.read': ['ops', 'admin'],
  'payer.write': ['admin'],
  'form.read': ['admin'],
  'form.write': ['admin'],
  'form-answer.read': ['front-desk', 'admin'],
  'consent-text.read': ['admin'],
  'consent-text.publish': ['admin'],
  'schedule.read': ['ops', 'admin'],
  'schedule.write': ['admin'],
  'connection.list': ['admin'],
  'connection.write': ['admin'],
  'flow.list': ['analyst', 'ops', 'admin'],
  'dead-letter.list': ['ops'],
  'dead-letter.requeue': ['ops'],
  'live.read': ['ops', 'admin', 'live'],
  'queue.read': ['ops', 'admin'],
  'service-account.list': ['admin'],
  'service-account.write': ['admin'],
} as const satisfies Record<string, readonly ActorKind[]>
export type Action = keyof typeof permissions

export type Actor =
  | { kind: 'user'; userId: string; tenantId: string; roles: readonly Role[] }
  | { kind: 'patient'; intakeId: string; tenantId: string }
  | { kind: 'service-account'; accountId: string; tenantId: string; role: ServiceRole }
  | { kind: 'service'; process: string }

/** What is asked for: the tenant it belongs to, and the intake when it belongs to one. */
export interface Resource {
  tenantId: string
  intakeId?: string
}

/** The one decision. Fails closed: an unknown action, a foreign tenant, or a patient at another's intake is `false`. */
export function authorize(actor: Actor, action: Action, resource: Resource): boolean {
  if (actor.kind === 'service') return false
  if (actor.tenantId !== resource.tenantId) return false
  const allowed = permissions[action] as readonly ActorKind[] | undefined
  if (!allowed) return false
  if (actor.kind === 'patient') return allowed.includes('patient') && (resource.intakeId ?? actor.intakeId) === actor.intakeId
  if (actor.kind === 'service-account') return allowed.includes(actor.role)
  return actor.roles.some((role) => allowed.includes(role))
}

/** The actor as the audit writes it: `user:<id>`, `patient:<intake id>`, `service:<process>`. */
export function actorText(actor: Actor): string {
  if (actor.kind === 'user') return `user:${actor.userId}`
  if (actor.kind === 'patient') return `patient:${actor.intakeId}`
  if (actor.kind === 'service-account') return `service-account:${actor.accountId}`
  return `service:${actor.process}`
}
