import type { Keyv } from 'keyv'
import type { Stage } from '../stage.ts'

/** A store that Keyv has elsewhere. */
export interface KeyvPeer {
  readonly name: string
  /** A Keyv on a store of its own, which is disposed of with the stage. */
  open(stage: Stage): Promise<Keyv>
}

/** Why a peer cannot be measured here. */
export interface MissingPeer {
  readonly name: string
  readonly reason: string
}

export function isThere(peer: KeyvPeer | MissingPeer): peer is KeyvPeer {
  return 'open' in peer
}
