import { KEYS, Rotation } from '../workload.ts'
import type { Entry } from './peer.ts'

/** Coprime to the numbers of keys, so that neighbours are not visited one after the other. */
const STRIDE = 617

const MOST_VALUES = 4_096

/** Bytes that the different values may take in a process. */
const VALUES_IN_MEMORY = 16 * 2 ** 20

const FEWEST_VALUES = 3

const KEYS_APART = 131
const VALUES_APART = 517

/** How much there is of what a peer works on; `python_diskcache.py` makes the same. */
export interface Extent {
  readonly keys: number
  /** Of a value. */
  readonly bytes: number
}

export const SMALL: Extent = { keys: KEYS, bytes: 100 }

/** The keys and the values of a given length that go round, so that a key gets another value each time. */
export class PeerWorkload {
  /** Of a value. */
  readonly bytes: number
  readonly keyNames: readonly string[]
  readonly keys: Rotation<string>
  readonly values: Rotation<string>
  readonly counters: Rotation<string>
  /** Those that are deleted, and those that are set again afterwards: in the same order. */
  readonly deleted: Rotation<string>
  readonly restored: Rotation<string>

  /** `process`: which of several it is. They begin at different places, or one would write what another just wrote. */
  constructor({ keys, bytes }: Extent, process = 0) {
    const count = Math.max(FEWEST_VALUES, Math.min(MOST_VALUES, Math.floor(VALUES_IN_MEMORY / bytes)))
    this.bytes = bytes
    this.keyNames = Array.from({ length: keys }, (_, i) => `key:${(i * STRIDE) % keys}`)
    this.keys = new Rotation(this.keyNames)
    this.values = new Rotation(Array.from({ length: count }, (_, i) => `${i}:`.padEnd(bytes, 'x')))
    this.counters = new Rotation(this.keyNames.map((key) => `counter:${key}`))
    this.keys.take(process * KEYS_APART)
    this.values.take(process * VALUES_APART)
    this.deleted = new Rotation(this.keyNames)
    this.restored = new Rotation(this.keyNames)
  }

  entries(count: number): Entry[] {
    return this.keys.take(count).map((key) => [key, this.values.next()])
  }
}
