import { formProblemsOf, formsMax, questionNames, unsaidIn } from '@heliox/core/catalog'
import { actorText } from '@heliox/core/identity'
import type { LanguageTag } from '@heliox/core/kit'
import type { KnownForm } from '@heliox/core/ports'
import type { FastifyInstance } from 'fastify'
import type { ApiDeps } from '../../deps.ts'
import type { ClinicFactsCache } from '../../kit/clinic-facts.ts'
import { found, Refusal } from '../../kit/errors.ts'
import { mount } from '../../kit/mount.ts'
import { getForm, getFormAnswers, listForms, saveForm } from './schemas.ts'

/** What staff reads; the screens of staff have one language. */
const staffLanguage: LanguageTag = 'en'

const itemOf = ({ id, version, definition, askedFrom, endedAt, savedBy }: KnownForm, languages: readonly LanguageTag[]) => ({
  ...{ id, version, askedFrom, endedAt, savedBy },
  title: [...languages, ...Object.values(definition.words)].map((one) => (typeof one === 'string' ? definition.words[one] : one)?.title).find(Boolean) ?? id,
  questions: questionNames(definition).length,
  incomplete: languages.filter((language) => unsaidIn(definition, language).length > 0),
})

/** A clinic's own questions, and what was answered to them. */
export function formHandlers(app: FastifyInstance, deps: ApiDeps, clinics: ClinicFactsCache): void {
  // Not out of the cache: an administrator who added a language a moment ago is asked for its words.
  const languagesOf = async (tenantId: string): Promise<LanguageTag[]> => (await deps.intakes.branding(tenantId)).languages

  mount(app, deps, listForms, async ({ caller: { user } }) => {
    const [forms, languages] = await Promise.all([deps.forms.list(user.tenantId), languagesOf(user.tenantId)])
    return { items: forms.map((form) => itemOf(form, languages)), languages, askedMax: formsMax }
  })

  mount(app, deps, getForm, async ({ caller: { user }, params }) => {
    const [form, languages] = await Promise.all([deps.forms.find(user.tenantId, params.formId), languagesOf(user.tenantId)])
    const known = found(form)
    return { ...itemOf(known, languages), definition: known.definition, languages }
  })

  mount(app, deps, saveForm, async ({ caller: { user, actor }, params, headers, body, now }) => {
    if (body.definition) {
      const problems = formProblemsOf(body.definition, await languagesOf(user.tenantId))
      if (problems.length > 0) {
        throw new Refusal(
          'invalid',
          problems.map(({ path, message }) => ({ path: path ? `definition.${path}` : 'definition', message })),
        )
      }
    }
    const wish = { id: params.formId, seen: Number(headers['if-match'].slice(1, -1)), definition: body.definition }
    const saved = await deps.forms.save(user.tenantId, wish, actorText(actor), now)
    if (saved === 'changed-meanwhile' || saved === 'too-many-forms') throw new Refusal(saved)
    clinics.forget(user.tenantId)
    return saved
  })

  mount(app, deps, getFormAnswers, async ({ caller: { user, actor }, params, now }) => ({
    items: found(await deps.forms.answers(user.tenantId, params.intakeId, staffLanguage, actorText(actor), now)),
  }))
}
