import { randomUUID } from 'node:crypto'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { clearinghouse } from './adapter.ts'
import { inquiry } from './fixtures/inquiry.ts'

const token = `sim-${randomUUID()}`
const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: token })
const connection = (sim: Pick<Simulator, 'url'>) => ({
  config: { restUrl: sim.url, submitterId: 'HELIOXHUB', receiverId: 'CLEARSIM', usage: 'T', traceOrigin: '9HELIOXHUB' },
  secrets: { restToken: token },
})

adapterContract(clearinghouse, {
  start,
  connection,
  operations: { checkEligibility: { input: async () => ({ ...inquiry, requestId: randomUUID() }), effect: 'checkEligibility' } },
})
