import { WITH_SECONDS } from './cache-control.ts'
import { type HeaderValue, joined } from './header-values.ts'
import { type StructuredValue, structuredDictionary } from './structured-dictionary.ts'

/**
 * Returns what a targeted field such as `CDN-Cache-Control` says, as `Cache-Control` would; `undefined` where it is absent,
 * empty or malformed, and `Cache-Control` counts (RFC 9213, 2.1 and 2.2). Seconds of another type come out malformed.
 * Parameters mean nothing.
 */
export function targetedCacheControl(field: HeaderValue): string | undefined {
  const members = structuredDictionary(joined(field) ?? '')
  if (members === undefined || members.size === 0) return undefined
  const said = [...members].filter(([, value]) => value !== false)
  return said.map(([name, value]) => directiveOf(name, value)).join(', ')
}

function directiveOf(name: string, value: StructuredValue): string {
  if (WITH_SECONDS.includes(name)) return `${name}=${typeof value === 'number' ? value : ''}`
  return typeof value === 'string' ? `${name}=${JSON.stringify(value)}` : name
}
