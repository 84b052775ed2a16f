import type { Cache } from '@diskcache/cache'
import type { Keyv } from 'keyv-5'
import type { Stage } from '../stage.ts'

/** A store that Keyv has elsewhere. */
export interface KeyvPeer {
  readonly name: string
  /** A Keyv on a store of its own, which is disposed of with the stage. */
  open(stage: Stage): Promise<Keyv>
  /** A Keyv of the same version on a cache of ours. */
  ours(cache: Cache): Keyv
}

/** Why a peer cannot be measured here. */
export interface MissingPeer {
  readonly name: string
  readonly reason: string
}

export function isThere(peer: KeyvPeer | MissingPeer): peer is KeyvPeer {
  return 'open' in peer
}
