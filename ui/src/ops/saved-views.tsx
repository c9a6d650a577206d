import { useMutation, useQuery } from '@tanstack/react-query'
import { Bookmark, ChevronDown, X } from 'lucide-react'
import { DropdownMenu } from 'radix-ui'
import { type FormEvent, useState } from 'react'
import { ApiError, listViews, removeView, type SavedView, saveView } from '../client.gen.ts'
import { ProblemContext, TextField } from '../shared/fields.tsx'
import { queueWords, viewNameMax } from '../shared/messages/queue-words.ts'
import { staff } from '../shared/messages/staff.ts'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { ProblemNotice } from '../shared/staff/problem.tsx'
import type { QueueFilter } from './queue-filter.ts'

const t = queueWords.overrides.views
const entryLook = 'flex min-h-[36px] cursor-pointer items-center gap-2 rounded px-3 data-highlighted:bg-raised'

/** A view keeps what waits; "resolved" is no place to come back to every morning. */
const filterOfView = ({ filter, sort }: SavedView): QueueFilter => {
  const { mine, proposed, ...rest } = filter
  return { status: 'open', sort, ...rest, ...(mine ? { mine: true } : {}), ...(proposed ? { proposed: true } : {}) }
}

/** One's own filters under names of one's own. */
export function SavedViews({ filter, onChoose }: { filter: QueueFilter; onChoose(filter: QueueFilter): void }) {
  const [naming, setNaming] = useState(false)
  const list = useQuery({ queryKey: ['views'], queryFn: ({ signal }) => listViews({}, { signal }), retry: false })
  const remove = useMutation({ mutationFn: (viewId: string) => removeView({ params: { viewId } }), onSettled: () => list.refetch() })
  const views = list.data?.items ?? []
  return (
    <>
      {/* Not modal and no portal, for the reasons of the account menu. */}
      <div className="relative">
        <DropdownMenu.Root modal={false}>
          <DropdownMenu.Trigger className="button w-full">
            <Bookmark aria-hidden="true" className="size-4" />
            {t.open}
            <ChevronDown aria-hidden="true" className="size-4" />
          </DropdownMenu.Trigger>
          <DropdownMenu.Content align="start" sideOffset={4} collisionPadding={8} className="panel z-30 w-72 max-w-[calc(100vw-16px)] p-1 shadow-lg">
            {list.isError ? <DropdownMenu.Label className="px-3 py-2 text-quiet">{t.failed}</DropdownMenu.Label> : null}
            {list.data && views.length === 0 ? <DropdownMenu.Label className="px-3 py-2 text-quiet">{t.empty}</DropdownMenu.Label> : null}
            {views.map((view) => (
              <DropdownMenu.Item key={view.id} className={entryLook} onSelect={() => onChoose(filterOfView(view))}>
                <span className="min-w-0 wrap-anywhere">{view.name}</span>
              </DropdownMenu.Item>
            ))}
            <DropdownMenu.Separator className="my-1 h-px bg-line" />
            {filter.status === 'open' ? (
              <DropdownMenu.Item className={entryLook} onSelect={() => setNaming(true)}>
                {t.save}
              </DropdownMenu.Item>
            ) : null}
            {views.map((view) => (
              <DropdownMenu.Item key={view.id} className={`${entryLook} text-quiet`} onSelect={() => remove.mutate(view.id)}>
                <X aria-hidden="true" className="size-4 flex-none" />
                <span className="min-w-0 wrap-anywhere">{t.remove(view.name)}</span>
              </DropdownMenu.Item>
            ))}
          </DropdownMenu.Content>
        </DropdownMenu.Root>
      </div>
      {remove.isError ? <ProblemNotice error={remove.error} /> : null}
      {naming ? (
        <NameView
          filter={filter}
          onSaved={() => {
            setNaming(false)
            void list.refetch()
          }}
          onClose={() => setNaming(false)}
        />
      ) : null}
    </>
  )
}

function NameView({ filter, onSaved, onClose }: { filter: QueueFilter; onSaved(): void; onClose(): void }) {
  const [name, setName] = useState('')
  const [missing, setMissing] = useState(false)
  const [viewId] = useState(() => crypto.randomUUID())
  const save = useMutation({
    mutationFn: () => {
      const { status: _, sort, ...narrowed } = filter
      return saveView({ params: { viewId }, body: { name: name.trim(), filter: narrowed, sort } })
    },
    onSuccess: onSaved,
  })
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    const wrong = name.trim() === '' || name.trim().length > viewNameMax
    setMissing(wrong)
    if (wrong) document.getElementById('view-name')?.focus()
    else if (!save.isPending) save.mutate()
  }
  const full = save.error instanceof ApiError && save.error.code === 'too-many-views'
  return (
    <StaffDialog open title={t.title} lead={t.lead} onClose={onClose}>
      <ProblemContext value={new Map(missing ? [['view-name', t.needName]] : [])}>
        <form noValidate onSubmit={submit} className="space-y-4">
          <TextField id="view-name" label={t.name} value={name} onChange={setName} maxLength={viewNameMax} autoComplete="off" />
          {save.isError ? <ProblemNotice error={save.error} {...(full ? { words: t.tooMany } : {})} /> : null}
          <div className="flex flex-wrap gap-2">
            <button type="submit" className="button button-main" aria-disabled={save.isPending}>
              {t.submit}
            </button>
            <button type="button" className="button" onClick={onClose}>
              {staff.cancel}
            </button>
          </div>
        </form>
      </ProblemContext>
    </StaffDialog>
  )
}
