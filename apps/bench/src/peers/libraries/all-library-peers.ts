import { BENTOCACHE_FILES, OWN_BENTOCACHE_DRIVER } from './bentocache-drivers.ts'
import type { LibraryPeer } from './library-peer.ts'
import { LIMITER_REDIS, LIMITER_SQLITE, OWN_LIMITER } from './rate-limiters.ts'
import { OWN_SESSION_STORE, SESSION_FILES, SESSION_MEMORY } from './session-stores.ts'
import { OWN_UNDICI_STORE, UNDICI_MEMORY, UNDICI_SQLITE } from './undici-stores.ts'
import { OWN_UNSTORAGE_DRIVER, UNSTORAGE_FILES } from './unstorage-drivers.ts'

/** Of each library ours is the first, with which the others are compared. */
export const ALL_LIBRARY_PEERS: readonly LibraryPeer[] = [
  ...[OWN_UNDICI_STORE, UNDICI_SQLITE, UNDICI_MEMORY],
  ...[OWN_SESSION_STORE, SESSION_FILES, SESSION_MEMORY],
  ...[OWN_LIMITER, LIMITER_SQLITE, LIMITER_REDIS],
  ...[OWN_UNSTORAGE_DRIVER, UNSTORAGE_FILES],
  ...[OWN_BENTOCACHE_DRIVER, BENTOCACHE_FILES],
]
