import { createKeyv } from '@diskcache/adapters/keyv'
import { Keyv } from 'keyv-5'
import type { KeyvPeer, MissingPeer } from './keyv-peer.ts'

const NAME = '@keyv/sqlite'

/** With its default settings. Its driver is compiled when it is installed, which is not everywhere allowed. */
export async function loadKeyvSqlite(): Promise<KeyvPeer | MissingPeer> {
  try {
    const { KeyvSqlite } = await import('@keyv/sqlite')
    return {
      name: NAME,
      async open(stage) {
        const keyv = new Keyv(new KeyvSqlite(`sqlite://${stage.path('keyv-sqlite')}.db`))
        stage.use({ [Symbol.asyncDispose]: () => keyv.disconnect() })
        return keyv
      },
      ours: (cache) => createKeyv<never>(cache),
    }
  } catch (error) {
    return { name: NAME, reason: (error as Error).message.split(/\. Tried|\n/)[0]! }
  }
}
