import { checkBoolean, checkOptions, quote } from '@diskcache/core'
import type { QueryRules } from '../rules/target/query.ts'
import { parseTarget, type Target } from '../rules/target/target.ts'
import { checkList } from './check-list.ts'
import { checkTag } from './options.ts'

/** How responses are purged. */
export interface PurgeManner {
  /**
   * Whether the responses are kept but count as stale, so that `stale-while-revalidate` and `stale-if-error` may still
   * serve them; `false` by default.
   */
  readonly soft?: boolean | undefined
}

/** What `purge` removes: one of `url`, `prefix`, `tag` and `tags`. */
export type PurgeRequest = PurgeManner &
  (
    | {
        /** An absolute URL, in any spelling: all its variants are removed. */
        readonly url: string
        /** Whether the responses of the same path with any other query go, too; `false` by default. */
        readonly allQueries?: boolean | undefined
      }
    | {
        /** The beginning of absolute URLs, as the cache sees them. Reads the whole store. */
        readonly prefix: string
      }
    | {
        /** A label of `Cache-Tag` or of the option `tags`. */
        readonly tag: string
      }
    | {
        /** Several labels: responses that have one of them are removed. */
        readonly tags: readonly string[]
      }
  )

/** A purge, checked. */
export type Purge = { readonly soft: boolean } & (
  | { readonly by: 'url' | 'path' | 'prefix'; readonly target: Target }
  | { readonly by: 'tags'; readonly tags: readonly string[] }
)

const WAYS = ['url', 'prefix', 'tag', 'tags'] as const

/**
 * Checks what is to be purged.
 *
 * @throws TypeError for something that is not exactly one of the ways, or is malformed
 */
export function purgeOf(what: PurgeRequest, query: QueryRules): Purge {
  checkOptions('what is to be purged', what, [...WAYS, 'allQueries', 'soft'])
  const given = WAYS.filter((way) => way in what)
  if (given.length !== 1) {
    throw new TypeError(`Cannot purge: expected one of url, prefix, tag and tags, got ${quote(what)}`)
  }
  if ('allQueries' in what && !('url' in what)) {
    throw new TypeError(`Cannot use allQueries: it goes with url alone, got ${quote(what)}`)
  }
  const { soft = false } = what
  checkBoolean('soft', soft)
  if ('tag' in what) return { soft, by: 'tags', tags: [checkTag('tag', what.tag)] }
  if ('tags' in what) {
    checkList('tags', what.tags)
    return { soft, by: 'tags', tags: what.tags.map((tag) => checkTag('tags', tag)) }
  }
  if ('prefix' in what) return { soft, by: 'prefix', target: targetOf('prefix', what.prefix, query) }
  const { url, allQueries = false } = what
  checkBoolean('allQueries', allQueries)
  return { soft, by: allQueries ? 'path' : 'url', target: targetOf('url', url, query) }
}

function targetOf(name: string, url: string, query: QueryRules): Target {
  const target = typeof url === 'string' ? parseTarget(url, { query }) : undefined
  if (target !== undefined) return target
  throw new TypeError(
    `Cannot use ${name}: expected one such as 'https://example.com/path', got ${quote(url)}`,
  )
}
