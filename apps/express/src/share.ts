import type { Response } from 'express'

/** Seconds for which caches may answer with a response. */
const FRESHNESS = 300

/**
 * Lets shared caches keep a response, which `purge` finds by these tags. Browsers have to ask each time (and get a short
 * 304): no purge reaches them.
 */
export function share(res: Response, tags: readonly string[]): void {
  res.set({ 'Cache-Control': `public, max-age=0, s-maxage=${FRESHNESS}`, 'Cache-Tag': tags.join(', ') })
}
