import { useMutation, useQueryClient } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { Link } from 'wouter'
import { ApiError, saveConnection } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { FieldFrame, hintId, ProblemContext } from '../shared/fields.tsx'
import { staff } from '../shared/messages/staff.ts'
import { blankOf, cleaned, type FormSchema, labelOf, schemaProblems } from '../shared/schema.ts'
import { SchemaForm } from '../shared/schema-form.tsx'
import { CopyButton } from '../shared/staff/copy-button.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import { NotFoundPage, PageTitle } from '../shared/staff/shell.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { type Partner, usePartners } from './use-connections.ts'

const t = staff.connections

export function ConnectionPage({ adapterId }: { adapterId: string }) {
  const partners = usePartners()
  const partner = partners.data?.find(({ adapter }) => adapter.id === adapterId)
  if (partners.isPending) return <p className="text-quiet">{staff.loading}</p>
  if (!partners.data) return <ProblemNotice error={partners.error} onAgain={() => void partners.refetch()} />
  return partner ? <ConnectionForm partner={partner} /> : <NotFoundPage />
}

/** Settings are shown and changed; secrets are only ever written. */
function ConnectionForm({ partner: { adapter, connection } }: { partner: Partner }) {
  const client = useQueryClient()
  const configSchema = adapter.configSchema as FormSchema
  const secretsSchema = adapter.secretsSchema as FormSchema
  const [config, setConfig] = useState<unknown>(() => ({ ...(blankOf(configSchema, configSchema) as object), ...connection?.config }))
  const [secrets, setSecrets] = useState<Record<string, unknown>>({})
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const say = (found: readonly ShownProblem[]): void => {
    setProblems(found)
    setRound((n) => n + 1)
  }
  const typed = adapter.secretNames.filter((name) => typeof secrets[name] === 'string' && secrets[name] !== '')
  const stored = connection?.secretNames ?? []
  const secretsSet = stored.length > 0
  const secretLabel = (name: string): string => labelOf(name, secretsSchema.properties?.[name] ?? {})
  const needed = adapter.secretNames.filter((name) => secretsSchema.required?.includes(name))
  const save = useMutation({
    mutationFn: () =>
      saveConnection({
        params: { adapterId: adapter.id },
        body: {
          config: cleaned(configSchema, configSchema, config) as Record<string, unknown>,
          ...(typed.length > 0 ? { secrets: Object.fromEntries(typed.map((name) => [name, String(secrets[name])])) } : {}),
        },
      }),
    onSuccess: () => {
      setSecrets({})
      return client.invalidateQueries({ queryKey: ['partners'] })
    },
    onError: (error) => {
      if (error instanceof ApiError && error.fields.length > 0)
        say(
          error.fields.flatMap((field) =>
            field.path === 'secrets' && secretsSet
              ? stored.map((name) => ({ id: `secrets.${name}`, message: t.secretsAgain(secretLabel(name)) }))
              : [{ id: controlOf(field.path), message: `${field.path}: ${field.message}` }],
          ),
        )
    },
    gcTime: 0,
  })

  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (save.isPending) return
    const found = schemaProblems(configSchema, configSchema, config, 'config', 'config')
    if (adapter.secretNames.length > 0 && (typed.length > 0 || !secretsSet)) {
      found.push(...needed.filter((name) => !typed.includes(name)).map((name) => ({ id: `secrets.${name}`, message: t.needSecrets })))
      // Of secrets that stand in for each other the api says which are missing; it is asked only when there is one.
      if (needed.length === 0 && typed.length === 0) found.push({ id: `secrets.${adapter.secretNames[0]}`, message: t.needOneSecret })
    }
    say(found)
    save.reset()
    if (found.length === 0) save.mutate()
  }
  const refusedFields = save.error instanceof ApiError && save.error.fields.length > 0
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <p className="mb-2">
        <Link href="/" className="inline-block min-h-[24px]">
          {t.back}
        </Link>
      </p>
      <div className="max-w-[40rem] space-y-4">
        <PageTitle title={adapter.title} problem={problems.length > 0} />
        <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
        {save.isSuccess ? (
          <Notice tone="confirmed" alert>
            <p>{t.saved}</p>
          </Notice>
        ) : null}
        {connection && (connection.hookUrl !== null || connection.keysUrl !== null) ? (
          <section aria-labelledby="addresses-title" className="panel space-y-4 p-4">
            <h2 id="addresses-title">{t.addresses}</h2>
            <Address id="hook-url" url={connection.hookUrl} words={t.hook} />
            <Address id="keys-url" url={connection.keysUrl} words={t.keys} />
          </section>
        ) : null}
        <form noValidate onSubmit={submit} className="space-y-4">
          <section aria-labelledby="settings-title" className="panel space-y-4 p-4">
            <h2 id="settings-title">{t.settings}</h2>
            <SchemaForm id="config" schema={configSchema} value={config} onChange={setConfig} />
          </section>
          {adapter.secretNames.length > 0 ? (
            <section aria-labelledby="secrets-title" className="panel space-y-4 p-4">
              <h2 id="secrets-title">{t.secrets}</h2>
              <p className="text-quiet">
                {t.secretsLead} {secretsSet ? t.secretsKeep(stored.map(secretLabel).join('; ')) : t.secretsNew}
              </p>
              <SchemaForm id="secrets" schema={secretsSchema} value={secrets} onChange={(value) => setSecrets(value as Record<string, unknown>)} secret />
            </section>
          ) : null}
          {save.isError && !refusedFields ? <ProblemNotice error={save.error} /> : null}
          <button type="submit" className="button button-main" aria-disabled={save.isPending}>
            {save.isPending ? t.saving : t.save}
          </button>
        </form>
      </div>
    </ProblemContext>
  )
}

/** An address of ours, to be entered at the partner. */
function Address({ id, url, words }: { id: string; url: string | null; words: { label: string; hint: string; copy: string } }) {
  if (url === null) return null
  return (
    <div className="space-y-2">
      <FieldFrame id={id} label={words.label} hint={words.hint}>
        <input id={id} className="control" readOnly aria-describedby={hintId(id)} value={url} onFocus={(event) => event.target.select()} />
      </FieldFrame>
      <div className="flex flex-wrap items-center gap-3">
        <CopyButton text={url} label={words.copy} done={t.copied} failed={t.copyFailed} />
      </div>
    </div>
  )
}

/** The api names `config.restUrl` or `/body/config/restUrl`; our controls are called `config.restUrl`. */
const controlOf = (path: string): string =>
  path
    .split(/[./]/)
    .filter((part) => part !== '' && part !== 'body')
    .join('.')
