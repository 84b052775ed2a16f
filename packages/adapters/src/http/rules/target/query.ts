import type { NameTest } from '../name-patterns.ts'

/** Which parts of a query tell pages apart. */
export interface QueryRules {
  /** The parameters that do not; `undefined` for none of them. */
  readonly ignore: NameTest | undefined
  /** The parameters that do, and no others; `undefined` for all. */
  readonly only: NameTest | undefined
  /** Whether their order does not matter. */
  readonly sort: boolean
}

/** Parameters by which mailings and advertisements count their readers, for the option `query.ignore`. */
export const TRACKING_PARAMETERS: readonly string[] = [
  ...['utm_*', 'mtm_*', 'hsa_*', 'pk_campaign', 'pk_kwd', 'pk_source', 'pk_medium', 'pk_content', 'pk_cid'],
  ...['fbclid', 'gclid', 'gclsrc', 'dclid', 'gbraid', 'wbraid', 'gad_source', 'gad_campaignid', 'srsltid'],
  ...['_ga', '_gl', 'msclkid', 'twclid', 'ttclid', 'li_fat_id', 'igshid', 'igsh', 'epik', 'rdt_cid'],
  ...['yclid', 'ysclid', '_openstat', 'mc_cid', 'mc_eid', '_hsenc', '_hsmi', 'hsCtaTracking', 'mkt_tok'],
  ...['_kx', '__s', 'vero_id', 'oly_anon_id', 'oly_enc_id', 'ml_subscriber', 'ml_subscriber_hash'],
  ...['s_kwcid', 'ef_id', 'irclickid', 'wickedid', '_bta_tid', '_bta_c'],
]

/** Names that every parser of queries reads alike: without brackets and dots, by which some make lists and objects. */
const PLAIN_NAME = /^[\w-]+$/

/** Returns a path and query with what tells pages apart, in the spelling that it came in. */
export function withQuery(path: string, { ignore, only, sort }: QueryRules): string {
  const at = path.indexOf('?')
  if (at === -1 || (ignore === undefined && only === undefined && !sort)) return path
  const kept = path
    .slice(at + 1)
    .split('&')
    .filter((pair) => {
      const name = nameOf(pair)
      const isIgnored = ignore?.(rootOf(name)) ?? false
      // What cannot be told for sure is kept: a parser might find one of the named in it.
      return !isIgnored && (only === undefined || !PLAIN_NAME.test(name) || only(name))
    })
  const pairs = sort ? kept.toSorted((a, b) => compare(rawNameOf(a), rawNameOf(b))) : kept
  const query = pairs.join('&')
  return query === '' ? path.slice(0, at) : `${path.slice(0, at)}?${query}`
}

/** Returns the name of a parameter, decoded. */
function nameOf(pair: string): string {
  const name = rawNameOf(pair)
  if (!/[%+]/.test(name)) return name
  try {
    return decodeURIComponent(name.replaceAll('+', ' '))
  } catch {
    return name
  }
}

/** Returns what `a[b]` is a part of. */
function rootOf(name: string): string {
  return name.startsWith('[') ? '' : (name.split('[', 1)[0] as string)
}

function rawNameOf(pair: string): string {
  return pair.split('=', 1)[0] as string
}

function compare(a: string, b: string): number {
  if (a === b) return 0
  return a < b ? -1 : 1
}
