import { useMutation } from '@tanstack/react-query'
import { type ComponentProps, useState } from 'react'
import { StaffDialog } from '../shared/staff/dialog.tsx'
import { DialogEnd } from './publish-end.tsx'

type End = ComponentProps<typeof DialogEnd>

/** A button that asks once more, and from then on nobody is asked what it ends. `onAgain`: somebody changed it meanwhile, and it is to be read anew. */
export function EndButton(props: {
  label: string
  title: string
  lead: string
  words: End['words']
  told?: End['told']
  end(): Promise<unknown>
  onEnded(): Promise<void>
  onAgain(): void
}) {
  const { label, title, lead, words, told, onAgain } = props
  const [open, setOpen] = useState(false)
  const end = useMutation({
    mutationFn: () => props.end(),
    onSuccess: async () => {
      setOpen(false)
      await props.onEnded()
    },
    gcTime: 0,
  })
  const close = (): void => {
    end.reset()
    setOpen(false)
  }
  return (
    <>
      <button type="button" className="button" onClick={() => setOpen(true)}>
        {label}
      </button>
      <StaffDialog open={open} title={title} lead={lead} onClose={close}>
        <DialogEnd
          error={end.error}
          isPending={end.isPending}
          words={words}
          {...(told && { told })}
          onGo={() => end.mutate()}
          onCancel={close}
          onAgain={() => {
            close()
            onAgain()
          }}
        />
      </StaffDialog>
    </>
  )
}
