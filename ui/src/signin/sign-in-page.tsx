import { type FormEvent, useEffect, useState } from 'react'
import { ApiError, signIn } from '../client.gen.ts'
import { ErrorSummary, type ShownProblem } from '../shared/error-summary.tsx'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { staff } from '../shared/messages/staff.ts'
import { ProblemNotice, wordsFor } from '../shared/staff/problem.tsx'
import { Notice } from '../shared/state-chip.tsx'
import { homeOf } from './home.ts'

const t = staff.signIn
const query = new URLSearchParams(window.location.search)

export function SignInPage() {
  // The one clinic of a development setup; a real one is bookmarked with `?tenant=`.
  const [tenant, setTenant] = useState(query.get('tenant') ?? 'lakeside')
  const [email, setEmail] = useState('')
  const [password, setPassword] = useState('')
  const [problems, setProblems] = useState<readonly ShownProblem[]>([])
  const [round, setRound] = useState(0)
  const [failed, setFailed] = useState<unknown>(null)
  const [busy, setBusy] = useState(false)
  useEffect(() => {
    document.title = `${problems.length > 0 ? staff.errorPrefix : ''}${t.title} - ${staff.product}`
  }, [problems])

  const say = (list: readonly ShownProblem[]): void => {
    setProblems(list)
    setRound((n) => n + 1)
  }
  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (busy) return
    setFailed(null)
    const missing = [
      ...(tenant.trim() ? [] : [{ id: 'tenant', message: t.needTenant }]),
      ...(email.trim() ? [] : [{ id: 'email', message: t.needEmail }]),
      ...(password ? [] : [{ id: 'password', message: t.needPassword }]),
    ]
    say(missing)
    if (missing.length > 0) return
    setBusy(true)
    try {
      const session = await signIn({ body: { tenant, email, password } })
      window.location.assign(homeOf(session, query.get('next')))
    } catch (error) {
      setBusy(false)
      setPassword('')
      // The same words for an unknown clinic, an unknown email and a wrong password: nobody learns which exist.
      if (error instanceof ApiError && (error.status === 401 || error.status === 400)) say([{ id: 'password', message: t.refused }])
      else setFailed(error)
    }
  }
  return (
    <ProblemContext value={new Map(problems.map(({ id, message }) => [id, message]))}>
      <main className="mx-auto max-w-96 space-y-4 p-4 pt-12">
        <p className="text-quiet">{staff.product}</p>
        <h1>{t.title}</h1>
        {query.has('ended') && problems.length === 0 ? (
          <Notice tone="checking">
            <p>{t.ended}</p>
          </Notice>
        ) : null}
        <ErrorSummary title={staff.problemTitle} problems={problems} round={round} />
        {failed ? <ProblemNotice error={failed} words={failed instanceof ApiError && failed.status === 429 ? t.tooMany : wordsFor(failed)} /> : null}
        <form noValidate onSubmit={submit} className="panel space-y-4 p-4">
          <TextField
            id="tenant"
            label={t.tenant}
            hint={t.tenantHint}
            value={tenant}
            onChange={setTenant}
            autoComplete="organization"
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextField
            id="email"
            label={t.email}
            type="email"
            value={email}
            onChange={setEmail}
            autoComplete="username"
            autoCapitalize="none"
            spellCheck={false}
          />
          <TextField id="password" label={t.password} type="password" value={password} onChange={setPassword} autoComplete="current-password" />
          <button type="submit" className="button button-main w-full" aria-disabled={busy}>
            {busy ? t.busy : t.submit}
          </button>
        </form>
      </main>
    </ProblemContext>
  )
}
