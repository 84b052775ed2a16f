import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, type CacheOptions } from '@diskcache/cache'
import Database from 'better-sqlite3'
import { seededRandom } from '../measuring/seeded-random.ts'
import { Stage } from '../measuring/stage.ts'
import { countText } from '../report/figure-text.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

/** Bytes of a value. From 32 KiB on, it has a file. */
const VALUES = [100, 300, 1_000, 1_500, 4_000, 10_000, 100_000]

/** Bytes of a page; the second is that of new directories. */
const PAGES = [1_024, 2_048, 4_096, 8_192]
const OWN_PAGE = 2_048

type Policy = NonNullable<CacheOptions['evictionPolicy']> & string

const POLICIES: readonly Policy[] = ['s3-fifo', 'least-recently-used', 'least-recently-stored']

const FULL = { sizeLimit: 8 * 2 ** 20, times: 4 }
const QUICK = { sizeLimit: 2 ** 18, times: 1 }

/** How many times as many keys are wanted as the limit has room for, were there only values. */
const WANTED = 4

/** What stays of a limit for values. */
export const ROOM_PART: Part = {
  name: 'room',
  minutes: 3,
  async run({ quick, progress }) {
    const plan = quick ? QUICK : FULL
    const sides = [
      ...PAGES.map((page) => ({ page, policy: 's3-fifo' as Policy })),
      ...POLICIES.slice(1).map((policy) => ({ page: OWN_PAGE, policy })),
    ]
    const found: Room[] = []
    for (const bytes of VALUES)
      for (const side of sides) {
        progress(found.length, VALUES.length * sides.length, `values of ${countText(bytes)} bytes`)
        found.push({ ...side, bytes, share: await shareOf({ ...side, bytes }, plan) })
      }
    return {
      title: 'What of a limit is values',
      introduction: `The bytes of the values that are in a full cache, as a part of its \`sizeLimit\`, here ${plan.sizeLimit / 2 ** 20} MiB: four times as many keys as could be in it are asked for by Zipf’s law, and set where they are missing. What else takes room is keys, the index of keys, and the rest of pages: new directories have pages of 2,048 bytes.`,
      tables: [
        roomTable('By the size of pages, of s3-fifo', 'room-pages', found, 'page', 's3-fifo'),
        roomTable('By policy, with pages of 2,048 bytes', 'room-policies', found, 'policy', OWN_PAGE),
      ],
    }
  },
}

interface Side {
  readonly page: number
  readonly policy: Policy
  /** Bytes of a value. */
  readonly bytes: number
}

interface Room extends Side {
  /** The part of the limit that is values, from 0 to 1. */
  readonly share: number
}

async function shareOf({ page, policy, bytes }: Side, { sizeLimit, times }: typeof FULL): Promise<number> {
  await using stage = new Stage()
  const cache = stage.use(cacheWithPages(stage, page, { evictionPolicy: policy, sizeLimit }))
  const value = Buffer.alloc(bytes, 7)
  const random = seededRandom(1)
  const keys = Math.ceil((sizeLimit / bytes) * WANTED)
  let [entries, looks] = [0, 0]
  for (let i = 0; i < times * keys; i++) {
    const key = `key:${Math.floor(keys ** random())}`
    if (cache.get(key) === undefined) cache.set(key, value)
    if (i < (times * keys) / 2 || i % 16 > 0) continue
    entries += cache.size
    looks++
  }
  return ((entries / looks) * bytes) / sizeLimit
}

/** Opens a cache in a database that is there and empty, and so keeps its size of pages. */
function cacheWithPages(stage: Stage, page: number, options: CacheOptions): Cache {
  const directory = stage.path('pages')
  mkdirSync(directory, { mode: 0o700 })
  const database = new Database(join(directory, 'cache.db'))
  database.exec(`PRAGMA page_size = ${page}; PRAGMA auto_vacuum = 1; VACUUM`)
  database.close()
  return new Cache(directory, { ...options, sqlite: { synchronous: 'off' } })
}

/** Makes a table with a row for each size of values, and a column for each `by` of those whose other trait is `fixed`. */
function roomTable(
  title: string,
  block: string,
  found: readonly Room[],
  by: 'page' | 'policy',
  fixed: number | Policy,
): Table {
  const some = found.filter(({ page, policy }) => (by === 'page' ? policy : page) === fixed)
  const columns = [...new Set(some.map((room) => room[by]))]
  const percent = (bytes: number, column: number | Policy) => {
    const room = some.find((room) => room.bytes === bytes && room[by] === column)
    return room === undefined ? undefined : `${Math.round(room.share * 100)} %`
  }
  const cells = columns.map((column) => {
    const head = typeof column === 'number' ? `pages of ${countText(column)}` : `\`${column}\``
    return [head, (bytes: number) => percent(bytes, column)] as const
  })
  return tableOf(
    title,
    VALUES,
    { 'bytes of a value': countText, ...Object.fromEntries(cells) },
    {
      block,
    },
  )
}
