import { randomBytes, randomUUID } from 'node:crypto'
import { adapterContract, type Simulator, startSimulator } from '../contract-suite.ts'
import { stripe } from './adapter.ts'
import { makeToken, testCards } from './fixtures/cards.ts'

const secretKey = `sk_test_${randomBytes(12).toString('hex')}`
const publishableKey = 'pk_test_heliox'
const start = () => startSimulator(new URL('./sim/main.ts', import.meta.url), { SIM_TOKEN: secretKey, SIM_PUBLISHABLE_KEY: publishableKey })
const connection = (sim: Pick<Simulator, 'url'>) => ({
  config: { apiBase: sim.url, publishableKey, scriptUrl: `${sim.url}/v3/` },
  secrets: { secretKey },
})
const card = async (sim: Simulator, number: string) => ({
  paymentId: randomUUID(),
  patientId: randomUUID(),
  confirmationTokenId: await makeToken(sim.url, publishableKey, number),
  currency: 'usd',
})

adapterContract(stripe, {
  start,
  connection,
  operations: {
    storeCard: {
      input: (sim) => card(sim, testCards.kept),
      rejectedInput: (sim) => card(sim, testCards.declined),
      effect: 'storeCard',
    },
  },
})
