import { adapters } from '@heliox/adapters'
import { applyType, type NodeSpec } from '@heliox/core/kit'
import type { FlowNode, NodeRuntime, NodeServices, StepHandler } from '@heliox/core/ports'
import { applies } from '@heliox/core/registry'
import { applyHandler } from './hub/apply.ts'
import { consumeHandler, holdHandler } from './hub/ends.ts'
import { mapHandler } from './hub/map.ts'
import { answersOf, operationHandler } from './hub/operation.ts'
import { mapByType } from './maps.ts'
import { hubSets } from './specs.ts'

/** As much of Node-RED's API as a set needs. */
export interface NodeRed {
  nodes: {
    createNode(node: FlowNode, config: Record<string, unknown>): void
    registerType(type: string, build: (this: FlowNode, config: Record<string, unknown>) => void): void
  }
  /** `heliox` is put there by whoever boots Node-RED. */
  settings: { heliox?: NodeRuntime }
}

/** Registers every node type of one set; the generated file of that set calls it. */
export function registerAll(RED: NodeRed, set: string): void {
  const specs = hubSets.get(set)
  if (!specs) throw new Error(`there is no node set ${set}`)
  const runtime = RED.settings.heliox
  if (!runtime) throw new Error('Node-RED was started without settings.heliox: there is nothing to run nodes on')
  for (const spec of specs) register(RED, runtime, spec, handlerOf(spec, runtime.services))
}

/** One type on one runtime; tests register types of their own with it. */
export function register(RED: NodeRed, runtime: NodeRuntime, spec: NodeSpec, handler: StepHandler): void {
  RED.nodes.registerType(spec.type, function (this: FlowNode, config) {
    RED.nodes.createNode(this, config)
    runtime.attach(this, spec, handler)
  })
}

const answerByType = answersOf(adapters)
const applyByType = new Map(applies.map((apply) => [applyType(apply.name, apply.version), apply]))

function handlerOf(spec: NodeSpec, services: NodeServices): StepHandler {
  switch (spec.kind) {
    case 'consume':
      return consumeHandler
    case 'hold':
      return holdHandler
    case 'map':
      return mapHandler(known(mapByType.get(spec.type), spec), services)
    case 'apply':
      return applyHandler(known(applyByType.get(spec.type), spec), services)
    case 'operation':
      return operationHandler(spec, known(answerByType.get(spec.type), spec), services)
    case 'emit':
      throw new Error(`no node of kind emit exists: ${spec.type}`)
  }
}

function known<T>(thing: T | undefined, spec: NodeSpec): T {
  if (thing === undefined) throw new Error(`the node type ${spec.type} has nothing behind it`)
  return thing
}
