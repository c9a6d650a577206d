/** Pages of the same link that may be led to once the proof is given; the hub asks for them in `?to=` (`api/pages/proof-url.ts`). */
const places: readonly string[] = ['consents', 'correct', 'method']

/** Where whoever has sent the form goes on: the page that they asked for, else the status. */
export function afterProof(statusUrl: string, search: string): string {
  const to = new URLSearchParams(search).get('to')
  return to && places.includes(to) ? statusUrl.replace('/status/', `/${to}/`) : statusUrl
}

/** The address that asks for the proof, and leads back here. */
export function proofUrl({ pathname, origin, search }: Pick<Location, 'pathname' | 'origin' | 'search'>): string {
  const url = new URL(pathname.replace(/^\/[^/]+\//, '/i/') + search, origin)
  const [, place = ''] = pathname.split('/')
  if (places.includes(place)) url.searchParams.set('to', place)
  return url.href
}
