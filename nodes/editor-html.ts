import type { FlowPalette } from '@heliox/core/flows'
import { heldContract, type NodeSpec } from '@heliox/core/kit'

/** How each kind looks in the editor. One hue per kind, so that a flow's shape is read before its words. */
const looks: Record<NodeSpec['kind'], { category: string; color: string; icon: string; align?: 'right' }> = {
  consume: { category: 'heliox', color: '#9ec9e2', icon: 'font-awesome/fa-sign-in' },
  hold: { category: 'heliox', color: '#cdb7e6', icon: 'font-awesome/fa-hand-paper-o', align: 'right' },
  emit: { category: 'heliox', color: '#9ec9e2', icon: 'font-awesome/fa-sign-out', align: 'right' },
  operation: { category: 'heliox partners', color: '#f2b98a', icon: 'font-awesome/fa-plug' },
  map: { category: 'heliox maps', color: '#d9dcd6', icon: 'font-awesome/fa-exchange' },
  apply: { category: 'heliox applies', color: '#a9d6a5', icon: 'font-awesome/fa-database', align: 'right' },
}

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (c) => `&#${c.charCodeAt(0)};`)
/** JSON that cannot end the script element it stands in. */
const inScript = (value: unknown): string => JSON.stringify(value).replaceAll('<', '\\u003c')

/** `clearinghouse.checkEligibility.v1` -> `checkEligibility`: the palette is sorted by category, the version is in the label's help. */
const shortName = (type: string): string =>
  type
    .split('.')
    .slice(1)
    .filter((part) => !/^v\d+$/.test(part))
    .join(' ')

/** What the editor says of a contract on a wire. */
function contractText(contract: string, palette: FlowPalette): string {
  if (contract === heldContract) return 'what waits for a person; only hub.hold takes it'
  if (contract === 'same') return 'what came in'
  return palette.contracts.get(contract)?.phi ? `${contract} (PHI: sealed on the wire)` : contract
}

function form(spec: NodeSpec, palette: FlowPalette): string {
  const name = `  <div class="form-row">
    <label for="node-input-name"><i class="fa fa-tag"></i> Step</label>
    <input type="text" id="node-input-name" placeholder="unique in this flow">
  </div>`
  if (spec.kind !== 'consume') return name
  const options = [...palette.events.values()].map(
    (event) => `      <option value="${escapeHtml(event.type)}">${escapeHtml(`${event.type} (${event.contract.id})`)}</option>`,
  )
  return `${name}
  <div class="form-row">
    <label for="node-input-events"><i class="fa fa-envelope-o"></i> Events</label>
    <select id="node-input-events" multiple size="10" style="width: 70%">
${options.join('\n')}
    </select>
  </div>`
}

function help(spec: NodeSpec, palette: FlowPalette): string {
  const ports = spec.ports.map((port) => `    <dt>${escapeHtml(port.name)}</dt><dd>${escapeHtml(contractText(port.contract, palette))}</dd>`)
  const takes = spec.in === null ? [] : [`  <h3>Takes</h3>`, `  <p>${escapeHtml(contractText(spec.in, palette))}</p>`]
  const gives = ports.length === 0 ? [] : ['  <h3>Ports</h3>', '  <dl class="message-properties">', ...ports, '  </dl>']
  const root = spec.root ? [`  <p>For flows entered by ${escapeHtml(spec.root)}.</p>`] : []
  const emits = spec.emits && spec.emits.length > 0 ? ['  <h3>May write</h3>', `  <p>${escapeHtml(spec.emits.join(', '))}</p>`] : []
  const settles = spec.kind === 'apply' ? ['  <p>An open port settles the delivery.</p>'] : []
  return [`  <p>${escapeHtml(spec.summary)}</p>`, ...root, ...takes, ...gives, ...emits, ...settles].join('\n')
}

/** The definition the editor registers; `events` of a consume node must share one contract, which the checker says again. */
function definition(spec: NodeSpec, palette: FlowPalette): string {
  const { category, color, icon, align } = looks[spec.kind]
  const labels = spec.ports.map((port) => `${port.name}: ${contractText(port.contract, palette)}`)
  const contracts = Object.fromEntries([...palette.events.values()].map((event) => [event.type, event.contract.id]))
  const events =
    spec.kind === 'consume'
      ? `
      events: { value: [], required: true, validate: function (events) {
        var contracts = ${inScript(contracts)}
        var list = [].concat(events || [])
        return list.length > 0 && list.every(function (type) { return contracts[type] !== undefined && contracts[type] === contracts[list[0]] })
      } },`
      : ''
  return `  RED.nodes.registerType(${inScript(spec.type)}, {
    category: ${inScript(category)},
    color: ${inScript(color)},
    icon: ${inScript(icon)},${align ? `\n    align: ${inScript(align)},` : ''}
    defaults: {${events}
      name: { value: '', required: true },
    },
    inputs: ${spec.in === null ? 0 : 1},
    outputs: ${spec.ports.length},
    inputLabels: ${inScript(spec.in === null ? '' : contractText(spec.in, palette))},
    outputLabels: ${inScript(labels)},
    paletteLabel: ${inScript(shortName(spec.type))},
    label: function () { return this.name || ${inScript(shortName(spec.type))} },
    labelStyle: function () { return this.name ? 'node_label_italic' : '' },
  })`
}

/** The editor's half of one node set. */
export function editorHtml(specs: readonly NodeSpec[], palette: FlowPalette): string {
  const parts = specs.map((spec) => {
    const type = escapeHtml(spec.type)
    return `<script type="text/html" data-template-name="${type}">
${form(spec, palette)}
</script>
<script type="text/html" data-help-name="${type}">
${help(spec, palette)}
</script>
<script type="text/javascript">
${definition(spec, palette)}
</script>
`
  })
  return `<!-- Generated from the node specs, do not edit; make gen writes it. -->\n${parts.join('\n')}`
}
