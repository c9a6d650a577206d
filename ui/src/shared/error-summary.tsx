import { useEffect, useRef } from 'react'

export interface ShownProblem {
  /** Id of the control it is about. */
  id: string
  message: string
}

/**
 * Everything that is wrong on this page, on top and with the focus, each entry a link to its control. `round` counts the
 * tries: the same problem twice takes the focus twice.
 */
export function ErrorSummary({ title, problems, round }: { title: string; problems: readonly ShownProblem[]; round: number }) {
  const box = useRef<HTMLDivElement>(null)
  // `round` is the reason to run again.
  useEffect(() => {
    if (problems.length > 0) box.current?.focus()
  }, [round, problems.length])
  if (problems.length === 0) return null
  return (
    <div ref={box} tabIndex={-1} role="alert" aria-labelledby="problem-title" className="space-y-2 rounded-lg border-2 border-failed bg-surface p-4">
      <h2 id="problem-title">{title}</h2>
      <ul className="space-y-1">
        {problems.map((problem) => (
          <li key={problem.id}>
            <a
              href={`#${problem.id}`}
              className="inline-block min-h-[24px] font-medium text-failed"
              onClick={(event) => {
                // The hash belongs to the steps: go to the control without leaving the page.
                event.preventDefault()
                const control = document.getElementById(problem.id)
                control?.scrollIntoView({ block: 'center' })
                control?.focus()
              }}
            >
              {problem.message}
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}
