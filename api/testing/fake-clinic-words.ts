import { type ConsentKind, consentKinds } from '@heliox/core/compliance'
import type { KnownConsentText, KnownForm } from '@heliox/core/ports'
import type { ApiDeps } from '../deps.ts'
import { now, texts } from './clinics.ts'
import type { World } from './world.ts'

const smoker: KnownForm = {
  id: 'health',
  version: 1,
  definition: {
    schema: { type: 'object', properties: { smoker: { type: 'boolean' } }, required: [], additionalProperties: false },
    words: { en: { title: 'Health', fields: { smoker: { label: 'Do you smoke?' } } } },
    order: ['smoker'],
  },
  askedFrom: now.toISOString(),
  endedAt: null,
  savedBy: 'Ada Admin',
}

/** A clinic's own words: one form that is asked in English, and every text in English and Spanish, of each clinic alike. */
export function fakeClinicWords(world: World): Pick<ApiDeps, 'forms' | 'consentTexts'> {
  const forms = new Map<string, KnownForm>([[smoker.id, smoker]])
  const published = new Map<ConsentKind, KnownConsentText[]>(
    consentKinds.map((kind) => [
      kind,
      [...texts('en'), ...texts('es')]
        .filter((text) => text.kind === kind)
        .map(({ sha256: _, ...text }) => ({ ...text, coversBankAccounts: false, from: now.toISOString(), until: null, publishedBy: null })),
    ]),
  )
  return {
    forms: {
      list: async () => [...forms.values()],
      find: async (_tenantId, formId) => forms.get(formId),
      save: async (tenantId, { id, seen, definition }, actor, at) => {
        const known = forms.get(id)
        if ((known?.version ?? 0) !== seen) return 'changed-meanwhile'
        if (definition) forms.set(id, { id, version: seen + 1, definition, askedFrom: at.toISOString(), endedAt: null, savedBy: null })
        else if (known) forms.set(id, { ...known, endedAt: at.toISOString() })
        world.audits.push({ tenantId, actor, action: 'form.save', resource: `form:${id}`, outcome: 'ok' })
        return { version: definition ? seen + 1 : seen }
      },
      answers: async (tenantId, intakeId, _language, actor) => {
        if (world.journeys.get(intakeId)?.tenantId !== tenantId) return undefined
        world.audits.push({ tenantId, actor, action: 'phi.read', resource: `intake:${intakeId}`, outcome: 'ok', purpose: 'front desk' })
        return [{ id: 'health', version: 1, isRecorded: true, title: 'Health', questions: [{ label: 'Do you smoke?', is: 'yes', words: [] }] }]
      },
    },
    consentTexts: {
      inForce: async () => [...published.values()].flat(),
      versions: async (_tenantId, kind) => (published.get(kind) ?? []).map((text) => ({ ...text, signed: { count: 3, more: false } })),
      publish: async (tenantId, { kind, seen, texts: wanted, coversBankAccounts }, actor, at) => {
        const inForce = published.get(kind) ?? []
        if ((inForce[0]?.version ?? 0) !== seen) return 'changed-meanwhile'
        const version = seen + 1
        published.set(
          kind,
          Object.entries(wanted).map(([language, text]) => ({
            ...{ id: '00000000-0000-4000-8000-00000000000a', kind, language: language as 'en', version, ...text, coversBankAccounts },
            ...{ from: at.toISOString(), until: null, publishedBy: null },
          })),
        )
        world.audits.push({ tenantId, actor, action: 'consent-text.publish', resource: `consent-text:${kind} ${version}`, outcome: 'ok' })
        return { version }
      },
      end: async (tenantId, { kind, seen }, actor, at) => {
        const known = published.get(kind) ?? []
        if ((known[0]?.version ?? 0) !== seen) return 'changed-meanwhile'
        published.set(
          kind,
          known.map((text) => ({ ...text, until: text.until ?? at.toISOString() })),
        )
        world.audits.push({ tenantId, actor, action: 'consent-text.end', resource: `consent-text:${kind} ${seen}`, outcome: 'ok' })
        return { version: seen }
      },
    },
  }
}
