import { deepStrictEqual } from 'node:assert'
import { Cache } from '@diskcache/cache'

/** An hour from now nothing that was under way today can be so still, and every leftover is one. */
export function laterClock(): number {
  return Date.now() + 3_600_000
}

/** Throws when `check` finds anything, now or an hour later. Meant for a cache that nobody was killed in. */
export function expectSound(directory: string): void {
  using now = new Cache(directory)
  deepStrictEqual(now.check(), [], 'check() finds problems')
  using later = new Cache(directory, { clock: laterClock })
  deepStrictEqual(later.check(), [], 'check() finds leftovers an hour later')
}
