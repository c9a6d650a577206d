import { asksForCode, type ConsentKind, consentKinds, consentNeed, publicationProblems } from '@heliox/core/compliance'
import { actorText } from '@heliox/core/identity'
import type { LanguageTag } from '@heliox/core/kit'
import type { KnownConsentText, SignedCount } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { endConsentTexts, getConsentTexts, listConsentTexts, saveConsentTexts } from './schemas.ts'

/** What is in force of one kind, as far as the clinic's patients read it. */
function kindView(kind: ConsentKind, texts: readonly KnownConsentText[], languages: readonly LanguageTag[]) {
  const inForce = texts.filter((text) => text.kind === kind && text.until === null && languages.includes(text.language))
  return {
    kind,
    need: consentNeed(kind),
    inForce: inForce.map(({ language, version, title, from, publishedBy }) => ({ language, version, title, from, publishedBy })),
    missing: languages.filter((language) => !inForce.some((text) => text.language === language)),
    coversBankAccounts: inForce.length > 0 && inForce.every((text) => text.coversBankAccounts),
    asksForCode: inForce.some(asksForCode),
  }
}

type Counted = KnownConsentText & { signed: SignedCount }
/** Languages side by side; of before the clinic published whole versions one may have fewer. */
function versionView(version: number, rows: readonly Counted[]) {
  const ofIt = rows.filter((row) => row.version === version)
  const froms = ofIt.map(({ from }) => from).sort()
  const untils = ofIt.flatMap(({ until }) => until ?? []).sort()
  return {
    version,
    from: froms[0] ?? '',
    until: untils.length === ofIt.length ? (untils.at(-1) ?? null) : null,
    publishedBy: ofIt[0]?.publishedBy ?? null,
    coversBankAccounts: ofIt.every(({ coversBankAccounts }) => coversBankAccounts),
    texts: ofIt.map(({ language, title, body }) => ({ language, title, body })),
    signed: { count: ofIt.reduce((sum, { signed }) => sum + signed.count, 0), more: ofIt.some(({ signed }) => signed.more) },
  }
}

/** The texts that patients sign. */
export function consentTextHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  const { consentTexts, intakes } = deps
  // Not out of the cache: what an administrator changed a moment ago counts here.
  const languagesOf = async (tenantId: string): Promise<LanguageTag[]> => (await intakes.branding(tenantId)).languages
  const clinicView = async (tenantId: string) => ({
    languages: await languagesOf(tenantId),
    bankAccounts: (await clinics.of(tenantId)).card?.bankAccounts ?? false,
  })

  mount(app, deps, listConsentTexts, async ({ caller: { user } }) => {
    const [texts, clinic] = await Promise.all([consentTexts.inForce(user.tenantId), clinicView(user.tenantId)])
    return { items: consentKinds.map((kind) => kindView(kind, texts, clinic.languages)), ...clinic }
  })

  mount(app, deps, getConsentTexts, async ({ caller: { user }, params: { consentKind } }) => {
    const [rows, clinic] = await Promise.all([consentTexts.versions(user.tenantId, consentKind), clinicView(user.tenantId)])
    const numbers = [...new Set(rows.map(({ version }) => version))].sort((a, b) => b - a)
    return {
      ...kindView(consentKind, rows, clinic.languages),
      newest: numbers[0] ?? 0,
      versions: numbers.map((version) => versionView(version, rows)),
      ...clinic,
    }
  })

  mount(app, deps, saveConsentTexts, async ({ caller: { user, actor }, params: { consentKind }, headers, body, now }) => {
    const problems = publicationProblems(consentKind, body, { languages: await languagesOf(user.tenantId), codeByLaw: user.region.startsWith('us-') })
    if (problems.length > 0) throw new Refusal('invalid', problems)
    const wish = { kind: consentKind, seen: Number(headers['if-match'].slice(1, -1)), ...body }
    const saved = await consentTexts.publish(user.tenantId, wish, actorText(actor), now)
    if (typeof saved === 'string') throw new Refusal(saved)
    clinics.forget(user.tenantId)
    return saved
  })

  mount(app, deps, endConsentTexts, async ({ caller: { user, actor }, params: { consentKind }, headers, now }) => {
    const need = consentNeed(consentKind)
    const needed = need === 'always' || (need === 'with-card' && (await clinics.of(user.tenantId)).card !== null)
    if (needed) throw new Refusal('consent-needed')
    const ended = await consentTexts.end(user.tenantId, { kind: consentKind, seen: Number(headers['if-match'].slice(1, -1)) }, actorText(actor), now)
    if (typeof ended === 'string') throw new Refusal(ended)
    clinics.forget(user.tenantId)
    return ended
  })
}
