import type { Peer } from '../peer.ts'

/** What is beside the memory tier. Two of one place are as two processes: only what is outside of memory do they share. */
export type MemoryPeer = Pick<Peer, 'name' | 'own' | 'settings' | 'server' | 'open'>
