import type { Guarantees, Peer, PeerCalls } from '../peer.ts'

/** The libraries whose own stores are compared with ours. */
export type Library = 'undici' | 'express-session' | 'rate-limiter-flexible' | 'unstorage' | 'bentocache'

/** A store that a library brings, or that is made for it, used as the library uses it. */
export interface LibraryPeer extends Peer<PeerCalls> {
  readonly library: Library
  readonly guarantees: LibraryGuarantees
}

export interface LibraryGuarantees extends Guarantees {
  /** Of processes that write at once, none undoes or drops what another has written, or reads half of it. */
  readonly atomic: true | string
  /** What becomes of the room of what has expired. */
  readonly room: string
}

/** What our adapters give, whichever library asks. */
export const OURS: LibraryGuarantees = {
  expiry: true,
  sizeLimit: true,
  processes: true,
  kept: true,
  crashSafe: true,
  atomic: true,
  room: 'freed by later writes',
}

/** What dies with its process. */
export const IN_MEMORY = {
  processes: 'each has its own',
  kept: 'in memory',
  crashSafe: 'in memory',
  atomic: 'not shared',
}
