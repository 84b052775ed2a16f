import type { GetOptions } from '../contract/operation-options.ts'
import { checkBoolean, checkOptions } from './argument-check.ts'

/** What a read may be answered with: what is stored now, what memory has, or, as usual, what is true of that. */
export type Recency = 'fresh' | 'stale' | 'usual'

/** Returns what `get` is to be answered with; throws `TypeError` for illegal options. */
export function checkGetOptions(options: GetOptions | undefined): Recency {
  if (options === undefined) return 'usual'
  checkOptions('the options of get', options, ['fresh', 'stale'])
  const { fresh = false, stale = false } = options
  checkBoolean('fresh', fresh)
  checkBoolean('stale', stale)
  if (fresh && stale) throw new TypeError('Cannot use fresh and stale together: expected one of them')
  if (fresh) return 'fresh'
  return stale ? 'stale' : 'usual'
}
