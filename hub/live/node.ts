import { shown } from './figures.ts'
import type { Pulled } from './pull.ts'

/** Handed in through Node-RED's settings: `RED.settings.live`. */
export interface LiveServices {
  pull(): Promise<Pulled>
  everyMs: number
}

interface RedNode {
  send(outputs: unknown[]): void
  on(event: 'close', listener: () => void): void
}
export interface RedForNodes {
  settings: { live: LiveServices }
  nodes: { createNode(node: unknown, config: unknown): void; registerType(type: string, make: (this: RedNode, config: unknown) => void): void }
}

/**
 * `live figures`: asks the API every few seconds and sends each widget its part. The one node of ours in the view; everything else
 * are the dashboard's. When there are no figures the last ones stay, and the first line says since when and why.
 */
export function registerFigures(RED: RedForNodes): void {
  RED.nodes.registerType('live figures', function (config) {
    RED.nodes.createNode(this, config)
    const { pull, everyMs } = RED.settings.live
    let closed = false
    let timer: NodeJS.Timeout | undefined
    const look = async (): Promise<void> => {
      const pulled = await pull()
      if (closed) return
      this.send(messagesOf(pulled))
      timer = setTimeout(() => void look(), everyMs)
    }
    void look()
    this.on('close', () => {
      closed = true
      clearTimeout(timer)
    })
  })
}

/** By output: first line, breakers, queues, throughput, failures, weather. */
export function messagesOf(pulled: Pulled): unknown[] {
  if (pulled.is === 'none') return [{ payload: `No new figures. ${pulled.why}` }]
  const { status, breakers, queues, throughput, errors, weather } = shown(pulled.figures)
  return [status, breakers, queues, throughput, errors, weather].map((payload) => ({ payload }))
}
