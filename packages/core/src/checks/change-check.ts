import type { Change } from '../contract/entry.ts'
import { checkOptions, quote } from './argument-check.ts'
import { WRITE_OPTION_NAMES } from './write-options.ts'

const KINDS = ['set', 'delete', 'keep']

/** Returns what the callback of `update` returned, and throws `TypeError` when that is no change. */
export function checkChange(change: unknown): Change<unknown> {
  if (typeof change !== 'object' || change === null)
    throw new TypeError(`Cannot update: expected the callback to return a change, got ${quote(change)}`)
  if ('then' in change)
    throw new TypeError('Cannot update: the callback returned a promise, but must be synchronous')
  checkOptions('the change', change, [...KINDS, ...WRITE_OPTION_NAMES])
  if (KINDS.filter((kind) => kind in change).length === 1) return change as Change<unknown>
  throw new TypeError(`Cannot update: a change has one of set, delete and keep, got ${quote(change)}`)
}
