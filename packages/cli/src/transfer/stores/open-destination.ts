import { Disk, evictChannel } from '@diskcache/core'
import { Failure } from '../../terminal/failure.ts'
import { whatIsThere } from '../../terminal/what-is-there.ts'
import type { Header } from '../lines/frame-lines.ts'
import type { Destination } from './destination.ts'
import { directoryKind, directoryName, isVacant, openStored } from './directories.ts'
import { knownCodec } from './stored-disk.ts'

/** Opens what an import writes to: a directory, or a store on Redis by its address. */
export async function openDestination(
  name: string,
  header: Header,
  shards: number | undefined,
): Promise<Destination> {
  if (!/^rediss?:/.test(name)) return openDirectory(name, header, shards)
  if (shards !== undefined) throw new Failure('Redis has no shards: leave out --shards')
  // Redis has no codec of its own: what can be decoded is as a store without the option `disk` writes it.
  const codec = knownCodec(header.from.codec) === undefined ? header.from.codec : Disk.codec
  // To load the client takes as long as all the rest.
  const { openRedisStores } = await import('./redis-stores.ts')
  const { name: address, stored, close } = await openRedisStores(name, codec)
  return {
    ...{ name: address, codec, store: stored, close },
    atOnce: (write) => write(Date.now()),
    evicted: () => 0,
  }
}

/** Opens a directory for an import, and makes it where there is none: with the settings that were exported. */
function openDirectory(path: string, { from }: Header, shards: number | undefined): Destination {
  const there = directoryKind(path)
  if (there === undefined && !isVacant(path))
    throw new Failure(`${whatIsThere(path)}; import to a cache, or to a directory that is empty or not there`)
  const kind = there ?? (shards === undefined ? 'cache' : 'fanout')
  if (kind === 'cache' && shards !== undefined)
    throw new Failure(`"${path}" is a cache without shards: leave out --shards, or name another directory`)
  const clock = new HeldClock()
  const options = {
    clock: clock.now,
    initialSettings: settingsOf(from.settings),
    shards: kind === 'fanout' ? shards : undefined,
  }
  const { opened, codec } = openStored(path, kind, options, from.codec)
  const evictions = countEvictions(directoryName(path))
  return {
    name: directoryName(path),
    codec,
    store: opened.promises,
    atOnce: (write) => clock.hold(write),
    evicted: evictions.count,
    close: async () => {
      evictions.end()
      await opened.promises.close()
    },
  }
}

/** A clock that stands still while entries are written, so that an expiry is exactly the one that was exported. */
class HeldClock {
  #held: number | undefined

  readonly now = (): number => this.#held ?? Date.now()

  async hold(run: (now: number) => Promise<void>): Promise<void> {
    const now = Date.now()
    this.#held = now
    try {
      await run(now)
    } finally {
      this.#held = undefined
    }
  }
}

/** JSON has no infinity: a limit that is none is `null`, as if it were left out. */
function settingsOf(settings: Readonly<Record<string, unknown>>): object {
  return Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== null))
}

/** Counts the entries of a directory that this process evicts. */
function countEvictions(path: string): { readonly count: () => number; readonly end: () => void } {
  let count = 0
  const listener = (message: unknown) => {
    const { store, reason, count: more } = message as { store: string; reason: string; count: number }
    if (reason === 'evicted' && String(store).startsWith(path)) count += more
  }
  evictChannel.subscribe(listener)
  return { count: () => count, end: () => evictChannel.unsubscribe(listener) }
}
