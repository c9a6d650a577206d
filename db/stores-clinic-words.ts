import { answeredQuestions, versionAnswered } from '@heliox/core/catalog'
import type { ConsentTextStore, FormStore } from '@heliox/core/ports'
import { formInVersion, knownForm, knownForms, saveForm, versionsAround } from './catalog/forms.ts'
import { endTexts, publishTexts, textsInForce, versionsOf } from './compliance/consent-texts.ts'
import { openFormAnswers } from './identity/form-answers.ts'
import { staffNames } from './identity/people.ts'
import type { Deps } from './store-deps.ts'
import { type Tx, withTenant } from './tenancy.ts'

/** A clinic's own words. Each method is one transaction of one tenant; no SQL is written here. */

const userOf = (actor: string | null): string | undefined => (actor?.startsWith('user:') ? actor.slice('user:'.length) : undefined)
const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/
/** Actors of rows as their colleagues' names: one look-up for all of them. */
async function namesOf(tx: Tx, actors: readonly (string | null)[]): Promise<(actor: string | null) => string | null> {
  const names = await staffNames(
    tx,
    actors.flatMap((actor) => userOf(actor) ?? []).filter((id) => uuid.test(id)),
  )
  return (actor) => names.get(userOf(actor) ?? '') ?? null
}

export function makeForms({ pool, vault, process, wake }: Deps): FormStore {
  const reader = `service:${process}`
  return {
    list: (tenantId) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const forms = await knownForms(tx)
        const name = await namesOf(
          tx,
          forms.map(({ savedBy }) => savedBy),
        )
        return forms.map((form) => ({ ...form, savedBy: name(form.savedBy) }))
      }),
    find: (tenantId, formId) =>
      withTenant(pool, tenantId, reader, async (tx) => {
        const form = await knownForm(tx, formId)
        return form && { ...form, savedBy: (await namesOf(tx, [form.savedBy]))(form.savedBy) }
      }),
    async save(tenantId, wish, actor, now) {
      const saved = await withTenant(pool, tenantId, actor, (tx) => saveForm(tx, wish, now))
      if (typeof saved !== 'string') wake.clinic(tenantId)
      return saved
    },
    async answers(tenantId, intakeId, language, actor, now) {
      await vault.warm(tenantId)
      return withTenant(pool, tenantId, actor, async (tx) => {
        const sent = await openFormAnswers(tx, vault, intakeId, now)
        if (!sent) return undefined
        const read = []
        for (const [id, answers] of Object.entries(sent.forms).sort(([a], [b]) => (a < b ? -1 : 1))) {
          const said = sent.formVersions[id]
          const form = said ? await formInVersion(tx, id, said) : versionAnswered(await versionsAround(tx, id, sent.submittedAt), answers)
          read.push({ id, version: form?.version ?? null, isRecorded: said !== undefined, ...answeredQuestions(form ?? { id }, answers, language) })
        }
        return read
      })
    },
  }
}

export function makeConsentTexts({ pool, process, wake }: Deps): ConsentTextStore {
  const reader = `service:${process}`
  const named = async <Row extends { publishedBy: string | null }>(tx: Tx, rows: Row[]): Promise<Row[]> => {
    const name = await namesOf(
      tx,
      rows.map(({ publishedBy }) => publishedBy),
    )
    return rows.map((row) => ({ ...row, publishedBy: name(row.publishedBy) }))
  }
  return {
    inForce: (tenantId) => withTenant(pool, tenantId, reader, async (tx) => named(tx, await textsInForce(tx))),
    versions: (tenantId, kind) => withTenant(pool, tenantId, reader, async (tx) => named(tx, await versionsOf(tx, kind))),
    async publish(tenantId, wish, actor, now) {
      const published = await withTenant(pool, tenantId, actor, (tx) => publishTexts(tx, wish, now))
      if (typeof published !== 'string') wake.clinic(tenantId)
      return published
    },
    async end(tenantId, wish, actor, now) {
      const ended = await withTenant(pool, tenantId, actor, (tx) => endTexts(tx, wish, now))
      if (typeof ended !== 'string') wake.clinic(tenantId)
      return ended
    },
  }
}
