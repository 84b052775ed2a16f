import type { Stage } from '../../measuring/stage.ts'
import { median, medianRatio } from '../../measuring/statistics.ts'
import { countText } from '../../report/figure-text.ts'
import { type Table, tableOf } from '../../report/table.ts'
import type { PartContext } from '../../running/part.ts'
import { WorkerProcess } from '../../worker/worker-process.ts'
import type { ValueKind, WriterSettings } from '../../worker/writer-service.ts'
import { TierReader, type Turn } from './tier-reader.ts'

interface Plan {
  readonly keys: number
  /** Keys that a writer sets in a second. */
  readonly rate: number
  /** Turns of each cache, and how long one is in milliseconds: longer than any staleness. */
  readonly rounds: number
  readonly turn: number
}

const PLANS: Readonly<Record<'full' | 'quick', Plan>> = {
  full: { keys: 10_000, rate: 1_000, rounds: 3, turn: 250 },
  quick: { keys: 100, rate: 100, rounds: 1, turn: 5 },
}

const KINDS: readonly ValueKind[] = ['strings', 'objects']

const WRITERS = [0, 1, 2]

/** Milliseconds. Without memory, there is none; the others are compared with that. */
const STALENESS = [undefined, 0, 1, 10, 100]

/** What reads with one staleness did. `hits` and `verified` are parts of them from 0 to 1, `time` is in microseconds. */
export interface TierFigures {
  readonly kind: ValueKind
  readonly writers: number
  /** Keys that all writers together really set in a second. */
  readonly rate: number
  readonly staleness: number | undefined
  readonly hits: number
  readonly verified: number
  readonly time: number
  /** To the time of a read without memory. */
  readonly ratio: number
}

/** Reads by Zipf's law in this process, while none, one or two others write by the same law. */
export async function twoTiers(stage: Stage, { quick, progress }: PartContext): Promise<TierFigures[]> {
  const plan = PLANS[quick ? 'quick' : 'full']
  const found: TierFigures[] = []
  for (const kind of KINDS) {
    const directory = stage.path('tiers')
    const readers = STALENESS.map(
      (staleness) => new TierReader(stage, directory, { kind, keys: plan.keys, staleness }),
    )
    for (const writers of WRITERS) {
      const total = KINDS.length * WRITERS.length * readers.length
      progress(found.length, total, `${kind}, ${writers} writers`)
      const settings = { directory, kind, keys: plan.keys, rate: plan.rate }
      found.push(...(await besideWriters(writers, readers, settings, plan)))
    }
  }
  return found
}

async function besideWriters(
  count: number,
  readers: readonly TierReader[],
  settings: Omit<WriterSettings, 'seed'>,
  { rounds, turn }: Plan,
): Promise<TierFigures[]> {
  await using stack = new AsyncDisposableStack()
  const writers = Array.from({ length: count }, (_, i) =>
    stack.use(WorkerProcess.of('writer', { ...settings, seed: i + 1 })),
  )
  for (const writer of writers) await writer.ask('open')
  // They write until the last turn is over.
  const begin = performance.now()
  await Promise.all(writers.map((writer) => writer.ask('start')))
  // What their being opened changed shows in a first turn, and is in memory then.
  for (const reader of readers) await reader.read(turn)
  for (const reader of readers) reader.readAll()
  const turns: Turn[][] = readers.map(() => [])
  for (let round = 0; round < rounds; round++)
    for (const [i, reader] of readers.entries()) turns[i]?.push(await reader.read(turn))
  const written = await Promise.all(writers.map((writer) => writer.ask<number>('stop')))
  const rate = (1e3 * written.reduce((sum, one) => sum + one, 0)) / (performance.now() - begin)
  const [plain = []] = turns
  return readers.map(({ kind, staleness }, i) => ({
    kind,
    writers: count,
    rate,
    staleness,
    ...figuresOf(turns[i] ?? [], plain),
  }))
}

function figuresOf(turns: readonly Turn[], plain: readonly Turn[]) {
  const timesOf = (some: readonly Turn[]) => some.map(({ time, reads }) => (time * 1e3) / reads)
  const part = (of: (turn: Turn) => number) =>
    turns.reduce((sum, turn) => sum + of(turn), 0) / turns.reduce((sum, turn) => sum + turn.reads, 0)
  return {
    hits: part(({ hits }) => hits),
    verified: part(({ verified }) => verified),
    time: median(timesOf(turns)),
    ratio: medianRatio(timesOf(turns), timesOf(plain)),
  }
}

export function tiersTable(figures: readonly TierFigures[]): Table {
  const percent = (ratio: number) => (100 * ratio).toFixed(1)
  return tableOf(
    'Two tiers',
    figures,
    {
      values: ({ kind }) => kind,
      'writes a second': ({ rate }) => countText(rate),
      'staleness, ms': ({ staleness }) => (staleness === undefined ? 'no memory' : countText(staleness)),
      'hits, %': ({ hits, staleness }) => (staleness === undefined ? undefined : percent(hits)),
      'verified, %': ({ verified, staleness }) => (staleness === undefined ? undefined : percent(verified)),
      'µs a read': ({ time }) => time,
      'times without': ({ ratio }) => ratio,
    },
    { block: 'memory-tiers' },
  )
}
