import { Disk } from '@diskcache/core'
import { isNativeAccelerationEnabled, pack, unpack } from 'msgpackr'
import { type Comparison, side } from '../measuring/comparison.ts'
import { atMost } from '../measuring/goal.ts'

const STRINGS = Array.from({ length: 100 }, (_, i) => `${i}:`.padEnd(45, 'abcdefghij'))

/** Our codec, which has no native part, beside one that has, on a value of many strings. */
export const DECODING: readonly Comparison[] = [
  {
    subject: side('decoding 100 strings of 45 characters', () => {
      const disk = new Disk()
      const { mode, data } = disk.encodeValue(STRINGS)
      return { call: () => disk.decodeValue(mode, data) }
    }),
    yardstick: side('msgpackr with its native part', () => {
      const packed = pack(STRINGS)
      return { call: () => unpack(packed) }
    }),
    goal: atMost(1),
    missing: isNativeAccelerationEnabled ? undefined : 'msgpackr has no native part here',
  },
]
