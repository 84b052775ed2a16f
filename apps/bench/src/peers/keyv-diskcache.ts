import { keyvStore } from './keyv-store.ts'
import { EVERYTHING } from './own-stores.ts'
import type { Peer } from './peer.ts'

export const KEYV_DISKCACHE: Peer = {
  name: 'diskcache by Keyv',
  own: true,
  guarantees: EVERYTHING,
  settings: 'Keyv 5 on `@diskcache/adapters/keyv` with default settings',
  shared: true,
  async open({ directory }) {
    const { createKeyv } = await import('@diskcache/adapters/keyv')
    return keyvStore(createKeyv<never>(directory))
  },
}
