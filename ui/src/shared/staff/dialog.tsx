import { X } from 'lucide-react'
import { Dialog } from 'radix-ui'
import { type ReactNode, useRef } from 'react'
import { staff } from '../messages/staff.ts'

/**
 * A dialog over the page: takes the focus, keeps it, gives it back, and closes with Escape. Radix's own overlay is left out:
 * it locks scrolling with a style element that our content security policy refuses. The page beneath is hidden from screen
 * readers all the same.
 */
export function StaffDialog({
  open,
  title,
  lead,
  wide = false,
  onClose,
  children,
}: {
  open: boolean
  title: string
  lead?: ReactNode
  wide?: boolean
  onClose(): void
  children: ReactNode
}) {
  const body = useRef<HTMLDivElement>(null)
  const opener = useRef<Element | null>(null)
  // What is asked for comes first, not the way out.
  const focusFirst = (event: Event): void => {
    opener.current = document.activeElement
    const first = body.current?.querySelector<HTMLElement>('input, select, textarea, button')
    if (!first) return
    event.preventDefault()
    first.focus()
  }
  const focusOpener = (event: Event): void => {
    event.preventDefault()
    // What was pressed may be gone: what it did may have taken its place.
    const back = opener.current?.isConnected ? opener.current : (document.getElementById('actions') ?? document.getElementById('main'))
    if (back instanceof HTMLElement) back.focus({ preventScroll: true })
  }
  return (
    <Dialog.Root open={open} onOpenChange={(next) => next || onClose()}>
      <Dialog.Portal>
        <div aria-hidden="true" className="fixed inset-0 z-40 bg-black/50" />
        <Dialog.Content
          className={`panel fixed inset-x-2 top-[max(8px,6dvh)] z-50 mx-auto max-h-[calc(100dvh-16px-6dvh)] overflow-y-auto overscroll-contain p-4 shadow-lg outline-none ${wide ? 'max-w-[52rem]' : 'max-w-[36rem]'}`}
          onOpenAutoFocus={focusFirst}
          onCloseAutoFocus={focusOpener}
          {...(lead ? {} : { 'aria-describedby': undefined })}
        >
          <div className="mb-3">
            <div className="flex items-center justify-between gap-4">
              <Dialog.Title className="min-w-0 wrap-anywhere">{title}</Dialog.Title>
              <Dialog.Close className="button flex-none border-transparent px-2" aria-label={staff.close}>
                <X aria-hidden="true" className="size-4" />
              </Dialog.Close>
            </div>
            {lead ? (
              <Dialog.Description asChild>
                <div className="mt-2 text-quiet">{lead}</div>
              </Dialog.Description>
            ) : null}
          </div>
          <div ref={body}>{children}</div>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  )
}
