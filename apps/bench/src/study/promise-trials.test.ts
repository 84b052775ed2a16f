import { expect, it } from 'vitest'
import { Stage } from '../measuring/stage.ts'
import { OWN_BENTOCACHE_DRIVER } from '../peers/libraries/bentocache-drivers.ts'
import type { LibraryPeer } from '../peers/libraries/library-peer.ts'
import { OWN_LIMITER } from '../peers/libraries/rate-limiters.ts'
import { SESSION_FILES, SESSION_MEMORY } from '../peers/libraries/session-stores.ts'
import { OWN_UNDICI_STORE, UNDICI_MEMORY } from '../peers/libraries/undici-stores.ts'
import { OWN_UNSTORAGE_DRIVER, UNSTORAGE_FILES } from '../peers/libraries/unstorage-drivers.ts'
import { PROMISE_TRIALS, type TriedPromise } from './promise-trials.ts'

/** Each trial with a store that keeps the promise and one that does not; the part `libraries` makes all of them. */
const ALL_TRIALS: readonly (readonly [promise: TriedPromise, peer: LibraryPeer])[] = [
  ['kept', SESSION_FILES],
  ['kept', SESSION_MEMORY],
  ['crashSafe', OWN_LIMITER],
  ['crashSafe', UNSTORAGE_FILES],
  ['processes', OWN_UNDICI_STORE],
  ['processes', UNDICI_MEMORY],
  ['atomic', OWN_LIMITER],
  ['atomic', OWN_UNSTORAGE_DRIVER],
  ['atomic', SESSION_FILES],
  ['atomic', UNSTORAGE_FILES],
  ['sizeLimit', OWN_LIMITER],
  ['sizeLimit', UNDICI_MEMORY],
  ['sizeLimit', SESSION_MEMORY],
  ['expiry', OWN_BENTOCACHE_DRIVER],
  ['expiry', UNSTORAGE_FILES],
]

/** The test command has those that are soon over. */
const QUICK: readonly TriedPromise[] = ['kept', 'processes', 'expiry']
const TRIALS = ALL_TRIALS.filter(
  ([promise]) => QUICK.includes(promise) || Boolean(process.env.DISKCACHE_ALL_PLATFORMS),
)

it.each(TRIALS.map(([promise, peer]) => ({ promise, name: peer.name, peer })))(
  'PROMISE_TRIALS find what $name promises: $promise',
  async ({ promise, peer }) => {
    await using stage = new Stage()
    expect(await PROMISE_TRIALS[promise](peer, stage)).toBe(peer.guarantees[promise] === true)
  },
)
