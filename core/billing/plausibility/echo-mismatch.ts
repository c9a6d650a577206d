import type { Detector } from './seen.ts'

/** It answers about somebody else, another day or another clinic than was asked. */
export const echoMismatch: Detector = ({ signs }, _health, _payer, _now, numbers) => {
  if (signs.echo.some((field) => field !== 'payer')) return 1
  return signs.echo.length > 0 ? numbers.payerEcho : 0
}
