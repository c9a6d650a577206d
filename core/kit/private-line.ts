const loopback = new Set(['localhost', '127.0.0.1', '[::1]'])

/** The machine itself: where simulators and the local stack live. */
const isLoopback = (url: string): boolean => {
  const read = URL.parse(url)
  return read !== null && (read.protocol === 'http:' || read.protocol === 'https:') && loopback.has(read.hostname)
}

/** Patients' data and keys go over this line: TLS, except to the machine itself. */
export const isPrivateLine = (url: string): boolean => URL.parse(url)?.protocol === 'https:' || isLoopback(url)

/**
 * Who may run a script on the origin that all clinics share: a script there acts as whoever is signed in, so no clinic's
 * configuration may name another.
 */
const scriptOrigins = new Set(['https://js.stripe.com'])

/** A script that a patient's page may load. Without real patients, the simulator's on this machine too. */
export const isKnownScript = (url: string, where: { production: boolean }): boolean =>
  scriptOrigins.has(URL.parse(url)?.origin ?? '') || (!where.production && isLoopback(url))
