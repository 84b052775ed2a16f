import { Disk, type Key, type ListedEntry, type PeekedEntry, STORE_PEEK, type Tag } from '@diskcache/core'
import type { RedisStore } from '@diskcache/redis'
import type { SourcePage } from './source.ts'

/** The number of entries that are asked for in one step. */
const PAGE_ENTRIES = 200

const DISK = new Disk()

/** Gives the entries of Redis, which have no order. */
export async function* walkedPages(
  store: RedisStore,
  tag: Tag | undefined,
): AsyncGenerator<SourcePage, void, void> {
  const total = await store.count()
  let keys: Key[] = []
  for await (const key of store.keys({ tag })) {
    keys.push(key)
    if (keys.length < PAGE_ENTRIES) continue
    yield { entries: await peekAll(store, keys), total }
    keys = []
  }
  if (keys.length > 0) yield { entries: await peekAll(store, keys), total }
}

/** Returns an entry of Redis as it is now, or `undefined` when it is gone. */
export async function peekAgain(store: RedisStore, { key }: ListedEntry): Promise<ListedEntry | undefined> {
  const [entry] = await peekAll(store, [key as Key])
  return entry
}

async function peekAll(store: RedisStore, keys: readonly Key[]): Promise<ListedEntry[]> {
  const peeked = await store[STORE_PEEK](keys)
  return keys.flatMap((key, i) => {
    const entry = peeked[i]
    return entry === undefined ? [] : [listed(key, entry)]
  })
}

function listed(key: Key, { isApart, ...peeked }: PeekedEntry): ListedEntry {
  return {
    ...peeked,
    ...{ key, encodedKey: DISK.encodeKey(key), isInFile: isApart, isDamaged: false },
    place: { by: null, form: 0, part: 0, row: 0n },
    ...{ storeTime: undefined, accessTime: undefined, hits: undefined, pin: undefined },
  }
}
