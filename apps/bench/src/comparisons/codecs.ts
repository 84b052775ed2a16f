import { type CacheOptions, Disk, EncryptedDisk } from '@diskcache/cache'
import { type Comparison, type Side, side } from '../measuring/comparison.ts'
import { databaseOf } from '../measuring/stage.ts'

const KEYS = 100

/** About as many bytes as their name says, as JSON. */
const VALUES = {
  '100 bytes': ['x', 'y'].map((letter) => letter.repeat(100)),
  '10 KiB of records': ['x', 'y'].map((letter) => records(170, letter)),
  '100 KiB of records': ['x', 'y'].map((letter) => records(1_700, letter)),
}

type Kind = keyof typeof VALUES

const keys = [Buffer.alloc(32, 7)]

const CODECS = {
  compressed: new Disk({ compression: true }),
  'compressed by deflate': new Disk({ compression: { algorithm: 'deflate' } }),
  encrypted: new EncryptedDisk({ keys }),
  'compressed and encrypted': new EncryptedDisk({ keys, compression: true }),
}

/** What looks like rows of a database: the same names, numbers, and words that come again. */
function records(count: number, letter: string): unknown {
  return Array.from({ length: count }, (_, i) => ({
    id: i * 7_919,
    name: `name ${(i * 104_729) % 10_007}`,
    state: i % 3 === 0 ? 'active' : letter,
  }))
}

function onValues(act: 'get' | 'set', kind: Kind, codec: string, disk: CacheOptions['disk']): Side {
  return side(`${act} of ${kind}, ${codec}`, (stage) => {
    const cache = stage.emptyCache({ disk })
    const values = VALUES[kind]
    for (let i = 0; i < KEYS; i++) cache.set(`key ${i}`, values[0])
    let count = 0
    const next = () => `key ${++count % KEYS}`
    const get = () => cache.get(next())
    // In turn: a value that is there already would not be written at all.
    const set = () => cache.set(next(), values[Math.floor(count / KEYS) % 2])
    return { call: act === 'get' ? get : set, database: databaseOf(cache) }
  })
}

function compared(act: 'get' | 'set', kind: Kind, codec: keyof typeof CODECS): Comparison {
  return {
    subject: onValues(act, kind, codec, CODECS[codec]),
    yardstick: onValues(act, kind, 'as it is', Disk),
    calls: kind === '100 KiB of records' ? 200 : 1_000,
  }
}

/** What it costs to compress and to encrypt. */
export const CODEC_COMPARISONS: readonly Comparison[] = [
  compared('get', '100 bytes', 'encrypted'),
  compared('set', '100 bytes', 'encrypted'),
  ...(['10 KiB of records', '100 KiB of records'] as const).flatMap((kind) =>
    (Object.keys(CODECS) as (keyof typeof CODECS)[]).flatMap((codec) => [
      compared('get', kind, codec),
      compared('set', kind, codec),
    ]),
  ),
]
