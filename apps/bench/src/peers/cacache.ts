import type { Peer } from './peer.ts'

export const CACACHE: Peer = {
  name: 'cacache',
  guarantees: { expiry: 'none', sizeLimit: 'none', processes: true, kept: true, crashSafe: true },
  settings:
    'npm’s cache, with default settings; what has been replaced stays on the disk, and in what a `get` of its key reads, until `verify()`',
  shared: true,
  async open({ directory }) {
    const { default: cacache } = await import('cacache')
    return {
      get: async (key) => (await cacache.get(directory, key)).data.toString(),
      set: (key, value) => cacache.put(directory, key, value),
      close: () => {},
    }
  },
}
