import type { FastifyReply } from 'fastify'
import { proofCookieName } from './caller.ts'

const optionsFor = (publicUrl: string) => ({ path: '/', httpOnly: true, sameSite: 'strict', secure: publicUrl.startsWith('https:') }) as const

/** This browser is known at this link from now on, until the proof ends. */
export function keepProof(reply: FastifyReply, publicUrl: string, proof: { intakeId: string; token: string; until: Date }, now: Date): void {
  const maxAge = Math.floor((proof.until.getTime() - now.getTime()) / 1000)
  reply.setCookie(proofCookieName(publicUrl, proof.intakeId), proof.token, { ...optionsFor(publicUrl), maxAge })
}

export function dropProof(reply: FastifyReply, publicUrl: string, intakeId: string): void {
  reply.clearCookie(proofCookieName(publicUrl, intakeId), optionsFor(publicUrl))
}
