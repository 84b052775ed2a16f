import { Disk, EncryptedDisk } from '@diskcache/cache'
import type { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { Finding, type FuzzTarget } from './fuzz-target.ts'
import { mutate } from './mutate.ts'

const MSGPACK = 5

/** The parts of a value that are looked at: a small message may stand for millions of shared ones. */
const MOST_PARTS = 10_000

const shared = { shared: [1, 2] }
const circle: unknown[] = [shared, shared]
circle.push(circle)

const VALUES: readonly unknown[] = [
  { name: 'Ada', born: 1815, tags: ['a', 'b'], nested: { yes: true, no: false, none: null } },
  [1, -1, 0.5, 2 ** 40, -(2n ** 70n), 2n ** 200n, Number.NaN, undefined],
  [
    { id: 1, name: 'x' },
    { id: 2, name: 'y' },
    { id: 3, name: 'ä€😀' },
  ],
  new Map<unknown, unknown>([
    ['a', 1],
    [{ b: 2 }, new Set([1, 'two'])],
  ]),
  [new Date(0), /a+(b)/giu, new Error('text', { cause: new TypeError('inner') })],
  [new Float64Array(3), new Uint8Array(9), new ArrayBuffer(4), new BigInt64Array(1), Buffer.from('bytes')],
  circle,
  // biome-ignore lint/suspicious/noSparseArray: holes are kept in a way of their own
  [-0, , '\ud800', Object(7), new DOMException('text', 'AbortError')],
  { text: 'x'.repeat(300), long: Array.from({ length: 40 }, (_, i) => `item ${i}`) },
]

const disk = new Disk()

/** Messages, sound ones with changes and others made of nothing but telling bytes: a value without a function, or damage. */
export function codecTarget(): FuzzTarget {
  const sound = VALUES.map((value) => disk.encodeValue(value).data as Buffer)
  for (const algorithm of ['zstd', 'deflate'] as const) {
    const compressing = new Disk({ compression: { minBytes: 0, algorithm } })
    sound.push(...VALUES.map((value) => compressing.encodeValue(value).data as Buffer))
  }
  // As msgpackr writes errors, by which it once gave out its own functions.
  sound.push(Buffer.from('92d4650093a776616c75654f66a474657874c0c0', 'hex'))
  return {
    name: 'values',
    try(random: Random) {
      refuseFunctions(disk.decodeValue(MSGPACK, mutate(random.pick(sound), sound, random)))
    },
    [Symbol.dispose]() {},
  }
}

/** Encrypted values with changes: the value that was encrypted, or damage, or an unknown key. */
export function encryptedTarget(): FuzzTarget {
  const keys = [1, 2].map((byte) => Buffer.alloc(32, byte))
  const encrypting = new EncryptedDisk({ keys, compression: { minBytes: 50 } })
  const sound = Array.from(
    { length: 20 },
    (_, i) => encrypting.encodeValue(`value ${i}`.repeat(i)).data as Buffer,
  )
  const values = new Set(sound.map((bytes) => encrypting.decodeValue(MSGPACK, bytes)))
  return {
    name: 'encrypted values',
    try(random: Random) {
      const value = encrypting.decodeValue(MSGPACK, mutate(random.pick(sound), sound, random))
      if (!values.has(value)) throw new Finding('a value was made without a key')
    },
    [Symbol.dispose]() {},
  }
}

function refuseFunctions(value: unknown): void {
  const seen = new Set<unknown>()
  const pending = [value]
  while (pending.length > 0 && seen.size < MOST_PARTS) {
    const part = pending.pop()
    if (typeof part === 'function') throw new Finding('a value has a function')
    if (typeof part !== 'object' || part === null || seen.has(part) || ArrayBuffer.isView(part)) continue
    seen.add(part)
    if (part instanceof Map) pending.push(...[...part].flat())
    if (part instanceof Set) pending.push(...part)
    for (const name of Object.getOwnPropertyNames(part)) pending.push(Reflect.get(part, name))
  }
}
