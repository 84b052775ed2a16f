import type { GetOptions } from '../contract/operation-options.ts'
import { checkBoolean, checkOptions } from './argument-check.ts'

/** Returns whether `get` is to read what is stored now; throws `TypeError` for illegal options. */
export function checkGetOptions(options: GetOptions | undefined): boolean {
  if (options === undefined) return false
  checkOptions('the options of get', options, ['fresh'])
  const { fresh = false } = options
  return checkBoolean('fresh', fresh)
}
