import { ArrowLeft } from 'lucide-react'
import { useText } from '../shared/messages/index.ts'

export function BackLink({ href }: { href: string }) {
  const text = useText()
  return (
    <a href={href} className="inline-flex min-h-[28px] items-center gap-1.5">
      <ArrowLeft aria-hidden="true" className="size-[1em] rtl:-scale-x-100" />
      {text.back}
    </a>
  )
}
