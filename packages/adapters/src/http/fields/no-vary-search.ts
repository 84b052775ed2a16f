import { type StructuredValue, structuredDictionary } from './structured-dictionary.ts'

/** Which parts of a query a response says that it does not depend on (draft-ietf-httpbis-no-vary-search). */
export interface SearchVariance {
  /** Returns whether the response depends on a parameter. */
  readonly varies: (name: string) => boolean
  /** Whether the response depends on the order of the parameters. */
  readonly byOrder: boolean
}

/** Longer fields are taken for malformed. */
const MAX_LENGTH = 4_096

/** Returns what the field says; `undefined` when it is malformed, or says that the response depends on everything. */
export function searchVariance(value: string): SearchVariance | undefined {
  const members = value.length > MAX_LENGTH ? undefined : structuredDictionary(value)
  if (members === undefined) return undefined
  const order = members.get('key-order') ?? false
  const params = members.get('params') ?? false
  const except = members.get('except')
  if (typeof order !== 'boolean' || (except !== undefined && params !== true)) return undefined
  const byOrder = !order
  if (typeof params === 'boolean') {
    const kept = namesOf(except ?? [])
    if (kept === undefined || (!params && byOrder)) return undefined
    return { byOrder, varies: (name) => !params || kept.has(name) }
  }
  const ignored = namesOf(params)
  return ignored && { byOrder, varies: (name) => !ignored.has(name) }
}

/** Returns a path and query, reduced to what the response depends on: the same for all that it answers. */
export function reducedPath(path: string, { varies, byOrder }: SearchVariance): string {
  const at = path.indexOf('?')
  if (at === -1) return path
  const kept = [...new URLSearchParams(path.slice(at + 1))].filter(([name]) => varies(name))
  const parameters = new URLSearchParams(kept)
  // The sort is stable: parameters of one name keep their order.
  if (!byOrder) parameters.sort()
  return parameters.size === 0 ? path.slice(0, at) : `${path.slice(0, at)}?${parameters}`
}

/** Returns the names in a list of strings, decoded as those of a query are; `undefined` when it is something else. */
function namesOf(list: StructuredValue): ReadonlySet<string> | undefined {
  if (!Array.isArray(list) || !list.every((item) => typeof item === 'string')) return undefined
  return new Set(list.map(decoded))
}

function decoded(name: string): string {
  const parameter = name.replaceAll('&', '%26').replaceAll('=', '%3D')
  return [...new URLSearchParams(`${parameter}=`).keys()][0] ?? ''
}
