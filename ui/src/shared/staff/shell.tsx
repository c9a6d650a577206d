import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { ChevronDown } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { createContext, type ReactNode, use, useEffect, useRef, useState } from 'react'
import { ApiError, getSession, type SessionView, signOut } from '../../client.gen.ts'
import { consentsWords } from '../messages/consents-words.ts'
import { formsWords } from '../messages/forms-words.ts'
import { lookWords } from '../messages/look-words.ts'
import { payerWords } from '../messages/payer-words.ts'
import { rulesWords } from '../messages/rules-words.ts'
import { schedulerWords } from '../messages/scheduler-words.ts'
import { staff } from '../messages/staff.ts'
import { ProblemNotice } from './problem.tsx'
import { makeQueryClient } from './query.ts'

const SessionContext = createContext<SessionView | null>(null)
/** Who is signed in; only inside `StaffApp`. */
export function useSession(): SessionView {
  const session = use(SessionContext)
  if (!session) throw new Error('a staff page outside the staff frame')
  return session
}
type StaffAction = SessionView['actions'][number]
/** What the menu and the buttons may show; the api asks again. */
export const useMay = (action: StaffAction): boolean => useSession().actions.includes(action)

const menu: readonly { href: string; label: string; action: StaffAction }[] = [
  { href: '/clinic', label: staff.pages.visits, action: 'visit.list' },
  { href: '/ops', label: staff.pages.overrides, action: 'override.list' },
  { href: '/admin', label: staff.pages.connections, action: 'connection.list' },
  { href: '/admin/payers', label: payerWords.title, action: 'payer.read' },
  { href: '/admin/rules', label: rulesWords.page, action: 'ops-rules.write' },
  { href: '/admin/look', label: lookWords.page, action: 'clinic.write' },
  { href: '/admin/forms', label: formsWords.page, action: 'form.read' },
  { href: '/admin/consents', label: consentsWords.page, action: 'consent-text.read' },
  { href: '/admin/scheduler', label: schedulerWords.page, action: 'schedule.write' },
  { href: '/admin/flows', label: staff.pages.flows, action: 'flow.list' },
]

function signInUrl(ended: boolean): string {
  const query = new URLSearchParams({ next: window.location.pathname + window.location.search })
  if (ended) query.set('ended', '1')
  return `/signin?${query}`
}

/** Frame of every staff page: asks who is there, and sends those who are not to the sign-in page and back again. */
export function StaffApp({ children }: { children: ReactNode }) {
  const [client] = useState(makeQueryClient)
  useEffect(() => {
    // A session that ends while a page is open shows in any answer: one place watches for it.
    const ended = (error: unknown): void => {
      if (error instanceof ApiError && error.status === 401) window.location.assign(signInUrl(true))
    }
    const offQueries = client.getQueryCache().subscribe((event) => event.type === 'updated' && ended(event.query.state.error))
    const offMutations = client.getMutationCache().subscribe((event) => event.type === 'updated' && ended(event.mutation.state.error))
    return () => {
      offQueries()
      offMutations()
    }
  }, [client])
  return (
    <QueryClientProvider client={client}>
      <SignedIn>{children}</SignedIn>
    </QueryClientProvider>
  )
}

function SignedIn({ children }: { children: ReactNode }) {
  const session = useQuery({ queryKey: ['session'], queryFn: ({ signal }) => getSession({}, { signal }), staleTime: Number.POSITIVE_INFINITY })
  if (session.data) {
    return (
      <SessionContext value={session.data}>
        <Header session={session.data} />
        <main id="main" tabIndex={-1} className="p-4 outline-none print:p-0">
          {children}
        </main>
      </SessionContext>
    )
  }
  return (
    <main className="p-4">
      {session.isError && !(session.error instanceof ApiError && session.error.status === 401) ? (
        <ProblemNotice error={session.error} onAgain={() => void session.refetch()} />
      ) : (
        <p role="status" className="text-quiet">
          {staff.loading}
        </p>
      )}
    </main>
  )
}

function Header({ session }: { session: SessionView }) {
  const here = window.location.pathname.replace(/\/$/, '')
  const items = menu.filter((item) => session.actions.includes(item.action))
  // The longest entry that this page is under is the current one.
  const current = items.filter((item) => here === item.href || here.startsWith(`${item.href}/`)).sort((a, b) => b.href.length - a.href.length)[0]
  return (
    <header className="border-b border-line bg-surface print:hidden">
      <a href="#main" className="sr-only focus:not-sr-only focus:absolute focus:z-20 focus:bg-surface focus:p-2">
        {staff.skip}
      </a>
      <div className="flex flex-wrap items-center gap-x-6 gap-y-1 px-4 py-2">
        <p className="font-semibold">{session.tenant.name}</p>
        <nav aria-label={staff.menu} className="order-last w-full md:order-none md:w-auto">
          <ul className="flex flex-wrap gap-x-4 gap-y-1">
            {items.map((item) => (
              <li key={item.href}>
                <a
                  href={item.href}
                  aria-current={item === current ? 'page' : undefined}
                  className="inline-flex min-h-[28px] items-center border-b-2 border-transparent no-underline hover:border-edge aria-[current=page]:border-link"
                >
                  {item.label}
                </a>
              </li>
            ))}
          </ul>
        </nav>
        <div className="ms-auto">
          <Account session={session} />
        </div>
      </div>
    </header>
  )
}

function Account({ session }: { session: SessionView }) {
  const leave = async (): Promise<void> => {
    await signOut().catch((error: unknown) => {
      // Already gone is as good; anything else must not look like a sign-out.
      if (!(error instanceof ApiError && error.status === 401)) throw error
    })
    window.location.assign('/signin')
  }
  const [failed, setFailed] = useState<unknown>(null)
  return (
    <>
      {/* Not modal: the modal one locks scrolling with a style element that our content security policy refuses. No portal: the
          menu stays inside the header landmark. */}
      <DropdownMenu.Root modal={false}>
        <DropdownMenu.Trigger className="button border-transparent px-2" aria-label={staff.account.open(session.displayName)}>
          {session.displayName}
          <ChevronDown aria-hidden="true" className="size-4" />
        </DropdownMenu.Trigger>
        <DropdownMenu.Content align="end" sideOffset={4} className="panel z-30 min-w-56 p-1 shadow-lg">
          <DropdownMenu.Label className="px-3 py-2">
            <span className="block font-medium">{session.displayName}</span>
            <span className="block text-quiet">{session.email}</span>
            <span className="block text-quiet">{session.roles.map((role) => staff.roles[role]).join(', ')}</span>
            <span className="block text-quiet">
              {session.tenant.name} ({session.tenant.slug}, {session.tenant.region})
            </span>
          </DropdownMenu.Label>
          <DropdownMenu.Separator className="my-1 h-px bg-line" />
          <DropdownMenu.Item
            className="flex min-h-[36px] cursor-pointer items-center rounded px-3 data-highlighted:bg-raised"
            onSelect={() => void leave().catch(setFailed)}
          >
            {staff.account.signOut}
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Root>
      {failed ? <ProblemNotice error={failed} /> : null}
    </>
  )
}

/** The page's one heading; sets the tab's title and takes the focus when the page opens. */
export function PageTitle({ title, problem = false, children }: { title: string; problem?: boolean; children?: ReactNode }) {
  const heading = useRef<HTMLHeadingElement>(null)
  const { tenant } = useSession()
  useEffect(() => {
    document.title = `${problem ? staff.errorPrefix : ''}${title} - ${tenant.name}`
  }, [title, problem, tenant.name])
  useEffect(() => heading.current?.focus({ preventScroll: true }), [])
  return (
    <div className="mb-4 flex flex-wrap items-center gap-x-6 gap-y-2">
      <h1 ref={heading} tabIndex={-1}>
        {title}
      </h1>
      {children}
    </div>
  )
}

export function NotFoundPage() {
  return (
    <>
      <PageTitle title={staff.notFoundTitle} />
      <p>{staff.notFoundText}</p>
    </>
  )
}

/** Nothing to show, and what would fill it. */
export function EmptyState({ title, text, children }: { title: string; text?: string; children?: ReactNode }) {
  return (
    <div className="panel space-y-2 p-6">
      <p className="font-medium">{title}</p>
      {text ? <p className="text-quiet">{text}</p> : null}
      {children}
    </div>
  )
}
