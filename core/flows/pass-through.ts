import type { FlowNode } from './release.ts'

/**
 * Node-RED's own nodes that a release may hold: they carry a message on, unchanged, and know no contract. The list of their
 * properties is closed, so that nothing executable can hide in one.
 */
export const passThroughProperties: Readonly<Record<string, readonly string[]>> = {
  switch: ['property', 'propertyType', 'rules', 'checkall', 'repair', 'outputs'],
  'link in': ['links'],
  'link out': ['links', 'mode'],
  junction: [],
  catch: ['scope', 'uncaught'],
  comment: [],
}
export const isPassThrough = (node: FlowNode): boolean => Object.hasOwn(passThroughProperties, node.type)

/** A junction has no name in Node-RED; a comment and the ends of a link do nothing that anyone looks up by name. */
export const needsStepName = (node: FlowNode): boolean => !['junction', 'comment', 'link in', 'link out', 'catch', 'switch'].includes(node.type)

/** What people reach for in Node-RED, and what to use here. Everything else unknown is a node type that does not ship. */
const useMap = 'write a typed map in nodes/map'
const useOperation = 'write an operation of an adapter'
const useRetry = 'waiting is the retry policy of the operation'
const forbiddenNodes: Readonly<Record<string, string>> = {
  function: useMap,
  change: useMap,
  template: useMap,
  range: useMap,
  csv: useMap,
  html: useMap,
  json: useMap,
  xml: useMap,
  yaml: useMap,
  split: useMap,
  join: useMap,
  sort: useMap,
  batch: useMap,
  exec: useOperation,
  'http request': useOperation,
  'http in': 'partners call the API, which writes an event',
  'http response': 'partners call the API, which writes an event',
  'http proxy': 'a connection of the tenant says how a partner is reached',
  'tls-config': 'a connection of the tenant says how a partner is reached',
  file: useOperation,
  'file in': useOperation,
  watch: useOperation,
  'tcp in': useOperation,
  'tcp out': useOperation,
  'tcp request': useOperation,
  'udp in': useOperation,
  'udp out': useOperation,
  'websocket in': useOperation,
  'websocket out': useOperation,
  'websocket-listener': useOperation,
  'websocket-client': useOperation,
  'mqtt in': 'a flow is entered by hub.consume',
  'mqtt out': 'an event leaves with the commit of an apply',
  'mqtt-broker': 'the hub owns the bus',
  delay: useRetry,
  trigger: useRetry,
  inject: 'a flow is entered by hub.consume',
  debug: 'look at the journey of the intake; a debug node prints messages',
  complete: 'wire the port of the node itself',
  status: 'the breaker and the journey show the state',
  rbe: 'the inbox and the ledger keep things from happening twice',
  'link call': 'use link out and link in',
  'global-config': 'settings belong to the process, not to a flow',
  group: 'use comment',
  unknown: 'install the node type or take it out',
}
/** Instances of a subflow are typed `subflow:<id>`. */
export function whyForbidden(type: string): string | undefined {
  if (type === 'subflow' || type.startsWith('subflow:')) return 'put its nodes into this flow, or make two flows that meet at an event'
  return Object.hasOwn(forbiddenNodes, type) ? forbiddenNodes[type] : undefined
}
