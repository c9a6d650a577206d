import type { ClinicForm, ConsentKindDetail, ConsentTextsToSave, FormAnswers, FormToSave } from '../src/client.gen.ts'
import type { Answer } from './fake-data.ts'
import { soon } from './fake-kit.ts'

/** A clinic's own questions and consent texts, as its administrator sees them. It numbers versions and refuses late ones; what is wrong with words, a test says. */
export interface FakeClinicWords {
  languages: ClinicForm['languages']
  bankAccounts: boolean
  forms: Omit<ClinicForm, 'languages'>[]
  consents: Omit<ConsentKindDetail, 'languages' | 'bankAccounts'>[]
  answers: FormAnswers['items']
}

const health: FakeClinicWords['forms'][number] = {
  ...{ id: 'health', version: 2, title: 'Your health', questions: 2, askedFrom: soon(-48), endedAt: null, savedBy: 'Ada Admin', incomplete: [] },
  definition: {
    schema: {
      type: 'object',
      properties: {
        qsmoker1: { type: 'boolean' },
        qallergy: { type: 'array', items: { type: 'string', enum: ['cnuts', 'cbees'] }, uniqueItems: true, maxItems: 2 },
      },
      required: ['qsmoker1'],
      additionalProperties: false,
    },
    words: {
      en: {
        title: 'Your health',
        fields: {
          qsmoker1: { label: 'Do you smoke?' },
          qallergy: { label: 'Which of these can you not have?', options: { cnuts: 'Nuts', cbees: 'Bee stings' } },
        },
      },
      es: {
        title: 'Su salud',
        fields: { qsmoker1: { label: '¿Fuma?' }, qallergy: { label: '¿Qué no tolera?', options: { cnuts: 'Nueces', cbees: 'Picaduras de abeja' } } },
      },
    },
    order: ['qsmoker1', 'qallergy'],
  },
}
const retired: FakeClinicWords['forms'][number] = {
  ...health,
  ...{ id: 'winter', version: 1, title: 'This winter', askedFrom: soon(-2000), endedAt: soon(-500), savedBy: null, incomplete: ['es'] },
}

type Kind = ConsentKindDetail['kind']
const needs: Record<Kind, ConsentKindDetail['need']> = {
  ...{ treatment: 'always', 'privacy-notice': 'always', 'electronic-signature': 'always' },
  ...{ 'card-authorisation': 'with-card', sms: 'free', telehealth: 'free' },
}
const words = 'I agree to be examined and treated. I may ask questions at any time.\n\nI may say no to any part of it, also later.'
const consent = (kind: Kind): FakeClinicWords['consents'][number] => {
  const body = kind === 'electronic-signature' ? `${words}\n\nI type this code: {code}` : words
  const version = (n: number, until: string | null) => ({
    ...{ version: n, from: soon(-100 * (3 - n)), until, publishedBy: n === 1 ? null : 'Ada Admin', coversBankAccounts: false },
    texts: (['en', 'es'] as const).map((language) => ({
      language,
      title: language === 'en' ? `About ${kind}` : `Sobre ${kind}`,
      body: n === 1 ? 'Older words.' : body,
    })),
    signed: { count: n === 1 ? 10_000 : 12, more: n === 1 },
  })
  return {
    ...{ kind, need: needs[kind], missing: [], coversBankAccounts: false, asksForCode: body.includes('{code}'), newest: 2 },
    inForce: (['en', 'es'] as const).map((language) => ({ language, version: 2, title: `About ${kind}`, from: soon(-100), publishedBy: 'Ada Admin' })),
    versions: [version(2, null), version(1, soon(-100))],
  }
}

export const freshClinicWords = (): FakeClinicWords => ({
  languages: ['en', 'es'],
  bankAccounts: false,
  forms: [structuredClone(health), structuredClone(retired)],
  consents: (Object.keys(needs) as Kind[]).map(consent),
  answers: [
    {
      ...{ id: 'health', version: 2, isRecorded: true, title: 'Your health' },
      questions: [
        { label: 'Do you smoke?', is: 'no', words: [] },
        { label: 'Which of these can you not have?', is: 'words', words: ['Nuts', 'Bee stings'] },
        { label: 'Since when?', is: 'date', words: ['2020-02-09'] },
        { label: 'Anything else?', is: 'none', words: [] },
      ],
    },
  ],
})

const ok = (body: unknown): Answer => ({ status: 200, body })
const late: Answer = { status: 409, code: 'changed-meanwhile' }

/** Undefined: not about these. */
export function answerClinicWords(data: FakeClinicWords, method: string, path: string, body: unknown, ifMatch: string): Answer | undefined {
  const { languages, bankAccounts } = data
  const seen = Number(ifMatch.replaceAll('"', ''))
  if (path.endsWith('/form-answers')) return ok({ items: data.answers })
  if (path === '/api/admin/forms') return ok({ items: data.forms.map(({ definition: _, ...item }) => item), languages, askedMax: 10 })
  if (path === '/api/admin/consents') return ok({ items: data.consents.map(({ newest: _, versions: __, ...item }) => item), languages, bankAccounts })
  const id = path.split('/').at(-1) ?? ''
  if (path.startsWith('/api/admin/forms/')) {
    const form = data.forms.find((one) => one.id === id)
    if (method === 'GET') return form ? ok({ ...form, languages }) : { status: 404, code: 'not-found' }
    if (seen !== (form?.version ?? 0)) return late
    const { definition } = body as FormToSave
    if (!definition) {
      if (form) form.endedAt = soon(0)
      return ok({ version: seen })
    }
    const saved = { ...{ id, version: seen + 1, askedFrom: soon(0), endedAt: null, savedBy: 'Robin Ade', incomplete: [] } }
    const title = definition.words.en?.title ?? id
    const asked = { ...saved, title, questions: definition.order?.length ?? 0, definition: definition as unknown as ClinicForm['definition'] }
    data.forms = [...data.forms.filter((one) => one.id !== id), asked]
    return ok({ version: seen + 1 })
  }
  if (path.startsWith('/api/admin/consents/')) {
    const kept = data.consents.find(({ kind }) => kind === id)
    if (!kept) return { status: 400, code: 'invalid' }
    if (method === 'GET') return ok({ ...kept, languages, bankAccounts })
    if (seen !== kept.newest) return late
    if (method === 'DELETE') {
      Object.assign(kept, { inForce: [], missing: languages })
      for (const one of kept.versions) one.until ??= soon(0)
      return ok({ version: seen })
    }
    publish(kept, body as ConsentTextsToSave)
    return ok({ version: kept.newest })
  }
  return undefined
}

function publish(kept: FakeClinicWords['consents'][number], { texts, coversBankAccounts = false }: ConsentTextsToSave): void {
  const version = kept.newest + 1
  const now = { from: soon(0), publishedBy: 'Robin Ade' }
  const said = Object.entries(texts).flatMap(([language, text]) => (text ? [{ language: language as 'en', ...text }] : []))
  Object.assign(kept, { newest: version, coversBankAccounts, missing: [], asksForCode: said.some((text) => text.body.includes('{code}')) })
  kept.inForce = said.map(({ language, title }) => ({ language, title, version, ...now }))
  for (const one of kept.versions) one.until ??= now.from
  kept.versions.unshift({ version, ...now, until: null, coversBankAccounts, texts: said, signed: { count: 0, more: false } })
}
