import { type PointerEvent, useEffect, useRef } from 'react'
import { answerRules } from '../client.gen.ts'

const widthPx = 560
const heightPx = 180

/**
 * An extra for those who like to draw; the typed name is the signature (drawing alone would shut out keyboards, WCAG 2.5.7).
 * Drawn black on white in both themes, because that is how it is kept and printed.
 */
export function SignaturePad({
  drawing,
  label,
  clearLabel,
  onChange,
}: {
  drawing: string | null
  label: string
  clearLabel: string
  onChange(drawing: string | null): void
}) {
  const canvas = useRef<HTMLCanvasElement>(null)
  const pen = useRef(false)

  const wipe = (): void => {
    const context = canvas.current?.getContext('2d')
    if (!context) return
    context.fillStyle = '#ffffff'
    context.fillRect(0, 0, widthPx, heightPx)
  }
  // Shows what was drawn before, once; after that the canvas is the truth.
  useEffect(() => {
    wipe()
    if (!drawing) return
    const picture = new Image()
    picture.onload = () => canvas.current?.getContext('2d')?.drawImage(picture, 0, 0)
    picture.src = drawing
  }, [])

  const at = (event: PointerEvent<HTMLCanvasElement>): [number, number] => {
    const box = event.currentTarget.getBoundingClientRect()
    return [((event.clientX - box.left) / box.width) * widthPx, ((event.clientY - box.top) / box.height) * heightPx]
  }
  const down = (event: PointerEvent<HTMLCanvasElement>): void => {
    const context = event.currentTarget.getContext('2d')
    if (!context) return
    event.currentTarget.setPointerCapture(event.pointerId)
    pen.current = true
    context.strokeStyle = '#111111'
    context.lineWidth = 3
    context.lineCap = 'round'
    context.lineJoin = 'round'
    context.beginPath()
    context.moveTo(...at(event))
  }
  const move = (event: PointerEvent<HTMLCanvasElement>): void => {
    const context = event.currentTarget.getContext('2d')
    if (!pen.current || !context) return
    context.lineTo(...at(event))
    context.stroke()
  }
  const up = (event: PointerEvent<HTMLCanvasElement>): void => {
    if (!pen.current) return
    pen.current = false
    const url = event.currentTarget.toDataURL('image/png')
    // A scribble too big to send is not worth failing the form for: the typed name stands.
    onChange(url.length <= answerRules.drawing.maxLength ? url : null)
  }
  return (
    <div className="space-y-2">
      <canvas
        ref={canvas}
        width={widthPx}
        height={heightPx}
        role="img"
        aria-label={label}
        className="w-full touch-none rounded-lg border border-edge"
        onPointerDown={down}
        onPointerMove={move}
        onPointerUp={up}
        onPointerCancel={up}
      />
      <button
        type="button"
        className="link-button"
        onClick={() => {
          wipe()
          onChange(null)
        }}
      >
        {clearLabel}
      </button>
    </div>
  )
}
