import type { FastifyReply, FastifyRequest } from 'fastify'
import { proofCookieName, proofCookiesOf } from './caller.ts'
import { isToken, newToken } from './token.ts'

const optionsFor = (publicUrl: string) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') }) as const

/** Of links that are used at the same time, a family's; who comes back to an older one is asked again. */
const keptMax = 15

/** What this browser keeps for this intake already, whether it counts for anything or not; else something new. */
export function ownToken(request: Pick<FastifyRequest, 'cookies'>, publicUrl: string, intakeId: string): string {
  const kept = request.cookies[proofCookieName(publicUrl, intakeId)]
  return kept !== undefined && isToken(kept) ? kept : newToken()
}

/** This browser is known at this link from now on, until the proof ends. Of those who had it before, it forgets all but the newest. */
export function keepProof(reply: FastifyReply, publicUrl: string, proof: { intakeId: string; token: string; until: Date }, now: Date): void {
  const maxAge = Math.floor((proof.until.getTime() - now.getTime()) / 1000)
  const own = proofCookieName(publicUrl, proof.intakeId)
  reply.setCookie(own, proof.token, { ...optionsFor(publicUrl), maxAge })
  const others = proofCookiesOf(reply.request, publicUrl).filter(([name]) => name !== own)
  for (const [name] of others.slice(0, 1 - keptMax)) reply.clearCookie(name, optionsFor(publicUrl))
}

export function dropProof(reply: FastifyReply, publicUrl: string, intakeId: string): void {
  reply.clearCookie(proofCookieName(publicUrl, intakeId), optionsFor(publicUrl))
}
