/** Below the questions of a dialog: do it, or leave it as it is. */
export function DialogButtons({ busy, words, onClose }: { busy: boolean; words: { now: string; busy: string; keep: string }; onClose(): void }) {
  return (
    <div className="flex flex-wrap gap-2">
      <button type="submit" className="button button-main" aria-disabled={busy}>
        {busy ? words.busy : words.now}
      </button>
      <button type="button" className="button" onClick={onClose}>
        {words.keep}
      </button>
    </div>
  )
}
