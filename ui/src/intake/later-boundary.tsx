import { Component, type ReactNode } from 'react'
import { TextContext } from '../shared/messages/index.ts'

/** A page whose code did not arrive: the rest of the form stays, and nothing that was typed is lost by loading it anew. */
export class LaterBoundary extends Component<{ children: ReactNode }, { failed: boolean }> {
  static override contextType = TextContext
  declare context: React.ContextType<typeof TextContext>
  override state = { failed: false }
  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }
  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <div role="alert" className="space-y-4">
        <p>{this.context.more.waiting}</p>
        <button type="button" className="button button-main" onClick={() => window.location.reload()}>
          {this.context.tryAgain}
        </button>
      </div>
    )
  }
}
