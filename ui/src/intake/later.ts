/**
 * Pages that few patients need travel after the others, all at once and early, so that a connection that is lost later in the
 * form has them already.
 */
const own = () => import('./pages/own-form.tsx')
const previous = () => import('./pages/previous.tsx')
const conflict = () => import('./conflict-page.tsx')
export const laterPages = { own, previous, conflict }

/** Those that do not arrive are asked for again when they are needed. */
export async function fetchLater(): Promise<void> {
  await Promise.allSettled(Object.values(laterPages).map((load) => load()))
}
