import { Disk, type Key } from '@diskcache/cache'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { Finding, type FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'

const CANONICAL = 2

const KEYS: readonly Key[] = [
  ['user', 1],
  { id: 2n ** 70n, name: 'x', nested: { a: [undefined, null, true] } },
  [new Date(0), Buffer.from('bytes'), -1, -129, 2 ** 40, 0.5, Number.NaN],
  ['\ud800', 'ä€😀', 'x'.repeat(300)],
  Array.from({ length: 20 }, (_, i) => i * i),
] as Key[]

const disk = new Disk()

/** Keys as they stand in a row, sound ones with changes: damage, or a key that stays the same when it is written and read. */
export function keyTarget(): FuzzTarget {
  const sound = KEYS.map((key) => disk.encodeKey(key).key as Buffer)
  return {
    name: 'keys',
    try(random: Random) {
      const form = random.chance(0.95) ? CANONICAL : random.below(5)
      const key = disk.decodeKey({
        key: mutate(random.pick(sound), sound, random),
        form: form as typeof CANONICAL,
      })
      if (form !== CANONICAL) return
      const bytes = bytesOf(key)
      if (bytes.compare(bytesOf(unwrapped(bytes))) !== 0) throw new Finding('a key has changed')
    },
    [Symbol.dispose]() {},
  }
}

/** Returns the bytes of a key inside an array, where all keys have some. */
function bytesOf(key: Key): Buffer {
  return disk.encodeKey([key] as Key).key as Buffer
}

function unwrapped(bytes: Buffer): Key {
  return (disk.decodeKey({ key: bytes, form: CANONICAL }) as readonly Key[])[0] as Key
}
