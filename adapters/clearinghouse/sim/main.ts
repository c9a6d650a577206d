import { clockSetting, portFrom, scenarioFrom } from './settings.ts'
import { startSimulation } from './simulation.ts'

/** The simulator as a child process: settings from the environment, one ready line, ended by SIGTERM (README.md). */
const { env } = process
if (!env.SIM_TOKEN) throw new Error('SIM_TOKEN is missing')
const running = await startSimulation({
  token: env.SIM_TOKEN,
  port: portFrom(env.SIM_PORT, 'SIM_PORT'),
  sftpPort: portFrom(env.SIM_SFTP_PORT, 'SIM_SFTP_PORT'),
  sftpKeys: env.SIM_SFTP_KEYS ?? '',
  clock: clockSetting({ now: env.SIM_NOW, speed: env.SIM_SPEED, freeze: env.SIM_FREEZE === '1' }),
  scenario: scenarioFrom(env.SIM_SCENARIO),
  journal: env.SIM_JOURNAL,
})
const { url, sftp } = running
console.log(JSON.stringify({ ready: true, process: 'sim:clearinghouse', url, sftp }))
const end = (): void => {
  running.stop().then(() => process.exit(0))
}
process.on('SIGTERM', end)
process.on('SIGINT', end)
