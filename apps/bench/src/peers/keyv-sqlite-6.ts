import { KeyvStore6 } from '@diskcache/adapters/keyv'
import { Keyv as Keyv6 } from 'keyv'
import type { Keyv } from 'keyv-5'
import type { KeyvPeer, MissingPeer } from './keyv-peer.ts'

const NAME = '@keyv/sqlite 6'

/** The coming version, for Keyv 6, which uses the SQLite that Node has. With its default settings. */
export async function loadKeyvSqlite6(): Promise<KeyvPeer | MissingPeer> {
  try {
    const { KeyvSqlite } = await import('@keyv/sqlite-6')
    return {
      name: NAME,
      async open(stage) {
        const keyv = new Keyv6(new KeyvSqlite({ uri: `sqlite://${stage.path('keyv-sqlite-6')}.db` }) as never)
        stage.use({ [Symbol.asyncDispose]: () => keyv.disconnect() })
        return keyv as unknown as Keyv
      },
      ours: (cache) => new Keyv6(new KeyvStore6(cache) as never) as unknown as Keyv,
    }
  } catch (error) {
    return { name: NAME, reason: (error as Error).message.split('\n')[0]! }
  }
}
