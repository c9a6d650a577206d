import type { IncomingMessage, ServerResponse } from 'node:http'
import type { z } from 'zod'
import { fileBytesMax, folderNames } from './batch/folders.ts'
import { modes } from './control.ts'
import { bytesOf, json } from './rest/http.ts'
import { ClockChange, checked, Scenario, SftpFaults } from './scenario/scenario.ts'
import type { Simulation } from './simulation.ts'

const bodyBytesMax = 1024 * 1024
const advanceMsMax = 400 * 86_400_000

/** `/_sim/…`: how a test or a person drives the simulator (README.md). No token: it listens on this machine only. */
export async function controlPort(sim: Simulation, req: IncomingMessage, res: ServerResponse, url: URL): Promise<void> {
  const { house } = sim
  const [, area = '', ...rest] = url.pathname.slice(1).split('/')
  const path = `${req.method} ${area}`
  if (path === 'PUT files') return putFile(sim, req, res, rest)
  const about = rest.length === 0 ? path : `${path}/${rest.join('/')}`
  switch (about) {
    case 'GET clock':
      return json(res, 200, house.clock.reading())
    case 'PUT clock':
      return change(req, res, ClockChange, (to) => {
        house.clock.set(clockOf(to))
        return house.clock.reading()
      })
    case 'POST clock/advance':
      return advance(sim, req, res)
    case 'GET waiting':
      return json(res, 200, house.clock.waiting())
    case 'GET scenario':
      return json(res, 200, { ...house.scenario, used: house.rulesUsed() })
    case 'PUT scenario':
      return change(req, res, Scenario, (scenario) => {
        sim.play(scenario)
        return { playing: scenario.name ?? null, rules: scenario.rules.length }
      })
    case 'DELETE scenario':
      sim.play(Scenario.parse({}))
      return json(res, 200, { playing: null, rules: 0 })
    case 'GET effects':
      return json(res, 200, house.effects.all())
    case 'GET effects/each':
      return json(res, 200, house.effects.each())
    case 'GET log':
      return json(res, 200, house.log.lines())
    case 'GET files':
      return json(res, 200, sim.folders.list())
    case 'POST faults':
      return setFault(sim, req, res)
    case 'POST sftp':
      return change(req, res, SftpFaults, (faults) => {
        sim.sftpFaults.set(faults)
        return faults
      })
    case 'POST sftp/host-key':
      return hostKey(sim, req, res)
    case 'POST tokens/expire':
      sim.expireTokens()
      return json(res, 200, { ok: true })
    case 'POST reset':
      sim.reset()
      return json(res, 200, { ok: true })
    default:
      return json(res, 404, { error: { code: 'NOT_FOUND' } })
  }
}

export const clockOf = ({ now, ...rest }: z.output<typeof ClockChange>) => ({ ...rest, ...(now === undefined ? {} : { now: new Date(now) }) })

async function change<S extends z.ZodType>(req: IncomingMessage, res: ServerResponse, schema: S, act: (value: z.output<S>) => unknown): Promise<void> {
  const body = await jsonOf(req)
  if (body === undefined) return json(res, 400, { error: { code: 'NOT_JSON' } })
  const result = checked(schema, body)
  if ('ok' in result) return json(res, 200, act(result.ok))
  json(res, 400, { error: { code: Object.is(schema, Scenario) ? 'SCENARIO_INVALID' : 'INVALID', problems: result.problems } })
}
async function jsonOf(req: IncomingMessage): Promise<unknown> {
  try {
    const text = (await bytesOf(req, bodyBytesMax)).toString('utf8')
    return text === '' ? {} : JSON.parse(text)
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

async function advance({ house }: Simulation, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = await jsonOf(req)
  const ms = typeof body === 'object' && body !== null && 'ms' in body ? body.ms : undefined
  if (typeof ms !== 'number' || !(ms >= 0 && ms <= advanceMsMax)) return json(res, 400, { error: { code: 'BAD_MS', msMax: advanceMsMax } })
  house.clock.advance(ms)
  json(res, 200, house.clock.reading())
}
async function setFault({ house }: Simulation, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = (await jsonOf(req)) as { mode?: unknown; times?: unknown } | undefined
  const mode = modes.find((known) => known === body?.mode)
  if (mode) house.control.set(mode, typeof body?.times === 'number' ? body.times : null)
  json(res, mode ? 200 : 400, mode ? { mode } : { error: { code: 'UNKNOWN_MODE', modes } })
}
async function hostKey(sim: Simulation, req: IncomingMessage, res: ServerResponse): Promise<void> {
  const body = (await jsonOf(req)) as { first?: unknown } | undefined
  json(res, 200, { hostKeySha256: sim.changeHostKey(body?.first === true ? 'first' : 'next') })
}
async function putFile(sim: Simulation, req: IncomingMessage, res: ServerResponse, [to, name, ...deeper]: string[]): Promise<void> {
  const folder = folderNames.find((known) => known === to)
  if (!folder || !name || deeper.length > 0) return json(res, 404, { error: { code: 'NOT_FOUND', folders: folderNames } })
  const kept = sim.putFile(folder, decodeURIComponent(name), await bytesOf(req, fileBytesMax))
  json(res, kept ? 200 : 409, kept ? { ok: true } : { error: { code: 'FOLDER_FULL' } })
}
