import { randomUUID } from 'node:crypto'
import type { ConsentText } from '@heliox/core/compliance'
import { consentKinds } from '@heliox/core/compliance'
import { sha256Hex } from '@heliox/core/kit'

/** Two clinics of this region, one of another, and what their patients and staff send. */
export const now = new Date('2026-03-02T10:00:00.000Z')
export const visitStartsAt = '2026-03-04T15:20:00.000Z'
export const password = 'correct horse battery staple'
export const lakeside = randomUUID()
export const hillside = randomUUID()
export const rhein = randomUUID()
export const regionOf = (tenantId: string): string => (tenantId === rhein ? 'eu-west' : 'us-east')

export const texts = (language: string): ConsentText[] =>
  consentKinds.map((kind, at) => {
    const body = `${kind} in ${language}`
    return {
      id: `00000000-0000-4000-8000-${language === 'en' ? '1' : '2'}0000000000${at}`,
      kind,
      language: language as 'en',
      version: 1,
      title: kind,
      body,
      sha256: sha256Hex(body),
    }
  })

/** A submit as the browser sends it. */
export function submission(over: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    answers: {
      givenName: 'Amira',
      familyName: 'Haddad',
      birthDate: '1984-05-06',
      payerSex: 'F',
      phone: '+1 512 555 0123',
      email: null,
      address: { line1: '12 Canal St', line2: null, city: 'Austin', state: 'TX', postalCode: '78701' },
      payerId: 'HELIO1',
      memberId: 'XQ4711',
      groupNumber: null,
    },
    consents: texts('en')
      .filter((t) => t.kind !== 'card-authorisation')
      .map((t) => ({ textId: t.id, textSha256: t.sha256, granted: true })),
    signature: { typedName: 'Amira Haddad', language: 'en', drawing: null },
    uploadIds: [],
    confirmationTokenId: null,
    ...over,
  }
}
export const staffHeaders = (cookie: string): Record<string, string> => ({ cookie, 'x-hub-request': '1' })
export const linkHeaders = (token: string): Record<string, string> => ({ authorization: `Intake ${token}` })
