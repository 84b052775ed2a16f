import { joined } from './header-values.ts'
import type { ResponseHead } from './response-head.ts'

/** Why a request went on to the application (RFC 9211, 2.2). */
export type Forwarded = 'bypass' | 'method' | 'uri-miss' | 'vary-miss' | 'miss' | 'request' | 'stale'

/** What this cache did (RFC 9211, 2). */
export interface Handling {
  readonly isHit?: boolean
  readonly forwarded?: Forwarded
  /** The application's status, where the client gets another. */
  readonly forwardedStatus?: number
  readonly isStored?: boolean
  readonly isCollapsed?: boolean
  /** The milliseconds for which the response is still fresh; negative when it is stale. */
  readonly freshnessLeft?: number
  /** A further word of this cache. */
  readonly detail?: string | undefined
}

/** Adds this cache's member to the field `Cache-Status`. */
export function announce(head: ResponseHead, handling: Handling): void {
  const others = joined(head.getHeader('cache-status'))
  const own = cacheStatus(handling)
  head.setHeader('Cache-Status', others ? `${others}, ${own}` : own)
}

export function cacheStatus(handling: Handling): string {
  const { isHit, forwarded, forwardedStatus, isStored, isCollapsed, freshnessLeft, detail } = handling
  let status = 'diskcache'
  if (isHit) status += '; hit'
  if (forwarded) status += `; fwd=${forwarded}`
  if (forwardedStatus) status += `; fwd-status=${forwardedStatus}`
  if (isStored) status += '; stored'
  if (isCollapsed) status += '; collapsed'
  if (freshnessLeft !== undefined) status += `; ttl=${Math.floor(freshnessLeft / 1_000)}`
  if (detail) status += `; detail=${detail}`
  return status
}
