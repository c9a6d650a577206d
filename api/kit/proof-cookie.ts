import type { FastifyReply, FastifyRequest } from 'fastify'
import { proofCookieName } from './caller.ts'
import { isToken, newToken } from './token.ts'

const optionsFor = (publicUrl: string) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') }) as const

/** What this browser keeps for this intake already, whether it counts for anything or not; else something new. */
export function ownToken(request: Pick<FastifyRequest, 'cookies'>, publicUrl: string, intakeId: string): string {
  const kept = request.cookies[proofCookieName(publicUrl, intakeId)]
  return kept !== undefined && isToken(kept) ? kept : newToken()
}

/** This browser is known at this link from now on, until the proof ends. */
export function keepProof(reply: FastifyReply, publicUrl: string, proof: { intakeId: string; token: string; until: Date }, now: Date): void {
  const maxAge = Math.floor((proof.until.getTime() - now.getTime()) / 1000)
  reply.setCookie(proofCookieName(publicUrl, proof.intakeId), proof.token, { ...optionsFor(publicUrl), maxAge })
}

export function dropProof(reply: FastifyReply, publicUrl: string, intakeId: string): void {
  reply.clearCookie(proofCookieName(publicUrl, intakeId), optionsFor(publicUrl))
}
