// Generated from the node specs, do not edit; make gen writes it.
import { registerAll } from '@heliox/nodes'

export default (RED) => registerAll(RED, 'twilio')
