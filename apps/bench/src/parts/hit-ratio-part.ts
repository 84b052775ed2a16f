import { fifo, hitRatio, lru, s3Fifo } from '@diskcache/simulation'
import { hitRatioChart } from '../charts/hit-ratio-chart.ts'
import { cacheOfSize } from '../hit-ratio/cache-of-size.ts'
import { Replay } from '../hit-ratio/replay.ts'
import { syntheticTraces } from '../hit-ratio/synthetic-traces.ts'
import type { Trace } from '../hit-ratio/trace.ts'
import { tracesIn } from '../hit-ratio/trace-files.ts'
import { Stage } from '../measuring/stage.ts'
import { countText } from '../report/figure-text.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

/** The sizes of caches, as parts of the keys of a trace. */
const SIZES = [0.02, 0.1, 0.3]

const REQUESTS = { full: 200_000, quick: 5_000 }

/** The name of the variable that says in which folder the traces of real requests are. */
const FOLDER = 'DISKCACHE_TRACES'

/** Hit ratios of one trace in a cache of one size; of the cache, and of policies at the number of entries that it held. */
interface Measured {
  readonly trace: string
  readonly group: string
  readonly entries: number
  readonly cache: number
  readonly s3Fifo: number
  readonly lru: number
  readonly fifo: number
}

/** The part of requests that a full cache answers, beside what policies would without a disk. */
export const HIT_RATIO_PART: Part = {
  name: 'hit-ratio',
  minutes: 30,
  async run({ quick, progress, skip }) {
    const folder = process.env[FOLDER]
    if (folder === undefined) skip('traces of real requests', `${FOLDER} does not say where they are`)
    const measured: Measured[] = []
    for (const trace of tracesOf(folder, quick)) {
      progress(measured.length, measured.length + 1, trace.name)
      for (const part of SIZES) measured.push(await measure(trace, part))
    }
    const groups = meansOf(measured, ({ group }) => group)
    return {
      title: 'What a full cache keeps',
      introduction:
        'The part of requests that a cache with the default policy answers, with values of 1,000 bytes, a `get`, and a `set` after a miss, when it holds about 2, 10 and 30 % of the keys. Beside it stands what policies answer that are simulated without a disk, with as many entries as the cache held; each figure is the mean of the three sizes. Synthetic traces are Zipf’s law alone, with scans, and shifting, and a loop; traces of real requests are those that the simulator of Caffeine ships.',
      tables: [
        tableFor(
          meansOf(measured, ({ trace }) => trace),
          'hit-ratio',
        ),
        tableFor(measured),
      ],
      charts: [
        hitRatioChart('benchmarks/hit-ratio.svg', 'Hit ratio by group of traces', groups.flatMap(barsOf)),
      ],
    }
  },
}

function* tracesOf(folder: string | undefined, quick: boolean): Generator<Trace, undefined> {
  yield* syntheticTraces(quick ? REQUESTS.quick : REQUESTS.full)
  if (folder !== undefined && !quick) yield* tracesIn(folder)
}

async function measure({ name, group, requests, keys }: Trace, part: number): Promise<Measured> {
  await using stage = new Stage()
  const replay = new Replay(cacheOfSize(stage, Math.max(8, Math.floor(keys * part)), 's3-fifo'))
  const cache = hitRatio(requests, replay.ask)
  const entries = replay.held
  const [s3, recent, first] = [s3Fifo, lru, fifo].map((policy) => hitRatio(requests, policy(entries)))
  return { trace: name, group, entries, cache, s3Fifo: s3 ?? 0, lru: recent ?? 0, fifo: first ?? 0 }
}

/** Returns a mean for each name that `nameOf` gives. */
function meansOf(measured: readonly Measured[], nameOf: (one: Measured) => string): Measured[] {
  return Array.from(Map.groupBy(measured, nameOf), ([name, some]) => {
    const mean = (of: (one: Measured) => number) => some.reduce((sum, one) => sum + of(one), 0) / some.length
    return {
      trace: name,
      group: name,
      entries: Math.round(mean(({ entries }) => entries)),
      cache: mean(({ cache }) => cache),
      s3Fifo: mean(({ s3Fifo }) => s3Fifo),
      lru: mean(({ lru }) => lru),
      fifo: mean(({ fifo }) => fifo),
    }
  })
}

function tableFor(measured: readonly Measured[], block?: string): Table {
  const percent = (ratio: number) => (100 * ratio).toFixed(1)
  const cells = {
    traces: ({ trace }: Measured) => trace,
    entries: ({ entries }: Measured) => countText(entries),
    'Cache, %': ({ cache }: Measured) => percent(cache),
    'S3-FIFO': (one: Measured) => percent(one.s3Fifo),
    'least recently used': (one: Measured) => percent(one.lru),
    'first in, first out': (one: Measured) => percent(one.fifo),
  }
  return tableOf('What a full cache keeps', measured, cells, block === undefined ? {} : { block })
}

function barsOf({ group, cache, s3Fifo, lru, fifo }: Measured) {
  return [
    { group, policy: 'Cache', ratio: cache, own: true },
    { group, policy: 'S3-FIFO', ratio: s3Fifo, own: false },
    { group, policy: 'least recently used', ratio: lru, own: false },
    { group, policy: 'first in, first out', ratio: fifo, own: false },
  ]
}
