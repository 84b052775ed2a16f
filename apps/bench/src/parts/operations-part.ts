import { CHECKSUMS } from '../comparisons/checksums.ts'
import { CODEC_COMPARISONS } from '../comparisons/codecs.ts'
import { COLLECTIONS } from '../comparisons/collections.ts'
import { DECODING } from '../comparisons/decoding.ts'
import { MEMORY } from '../comparisons/memory.ts'
import { PRESSURE } from '../comparisons/pressure.ts'
import { PROMISES } from '../comparisons/promises.ts'
import { READS } from '../comparisons/reads.ts'
import { RECIPES } from '../comparisons/recipes.ts'
import { TAG_COMPARISONS } from '../comparisons/tags.ts'
import { WRITES } from '../comparisons/writes.ts'
import type { Comparison } from '../measuring/comparison.ts'
import type { GoalResult } from '../measuring/goal.ts'
import { type Measurement, measure } from '../measuring/measure.ts'
import type { Effort } from '../measuring/take-turns.ts'
import { goalText, markOf } from '../report/goals-table.ts'
import { type Table, tableOf } from '../report/table.ts'
import type { Part } from '../running/part.ts'

const FULL: Effort = { milliseconds: 2_000, fewestRounds: 10 }
const QUICK: Effort = { milliseconds: 0, fewestRounds: 1, warmUpRounds: 1 }

/** Comparisons that stand in one table, under its title. */
const GROUPS: Readonly<Record<string, readonly Comparison[]>> = {
  Reads: READS,
  Writes: WRITES,
  'With and without checksums': CHECKSUMS,
  'Tags and namespaces': TAG_COMPARISONS,
  Promises: PROMISES,
  Decoding: DECODING,
  'Compression and encryption': CODEC_COMPARISONS,
  'When more is wanted than fits': PRESSURE,
  'Memory tier': MEMORY,
  'FanoutCache and collections': COLLECTIONS,
  Recipes: RECIPES,
}

/** Single operations, beside the least that SQLite can do. */
export const OPERATIONS_PART: Part = {
  name: 'operations',
  minutes: 2.4,
  async run({ quick, progress, skip }) {
    const all = Object.values(GROUPS).flat()
    for (const { subject, missing } of all) if (missing !== undefined) skip(subject.name, missing)
    const found: Measurement[] = []
    for (const [done, comparison] of all.entries()) {
      progress(done, all.length, comparison.subject.name)
      if (comparison.missing === undefined) found.push(await measure(comparison, quick ? QUICK : FULL))
    }
    const measuredOf = (comparisons: readonly Comparison[]) =>
      found.filter(({ comparison }) => comparisons.includes(comparison))
    return {
      title: 'Operations',
      introduction:
        'One operation after the other, on 1,000 keys with strings of 100 bytes, in one process, with default settings. Of `getMany` the time is per key, of `setMany` per entry, of promises per operation, however many are in flight: those that are issued before the first is awaited. Sets in flight go into one transaction, so their yardstick is as many upserts in one. What more is wanted of than fits is 10,000 keys by Zipf’s law, of which half fit. The memory tier has room for all keys unless it says otherwise; what another process writes comes from a second connection, before each round and outside its time. A `FanoutCache` and a collection stand beside the `Cache` that they consist of, a recipe beside the operation of the store that it is made of.',
      tables: Object.entries(GROUPS)
        .map(([title, comparisons]) => comparisonsTable(title, measuredOf(comparisons)))
        .filter(({ rows }) => rows.length > 0),
      goals: found.flatMap(goalsOf),
    }
  },
}

function goalsOf({ comparison: { subject, yardstick, goal }, ratio }: Measurement): GoalResult[] {
  return goal === undefined
    ? []
    : [{ work: `${subject.name}, against ${yardstick.name}`, goal, measured: ratio }]
}

function comparisonsTable(title: string, measurements: readonly Measurement[]): Table {
  return tableOf(title, measurements, {
    operation: ({ comparison }) => comparison.subject.name,
    µs: ({ subject }) => subject,
    yardstick: ({ comparison }) => comparison.yardstick.name,
    'its µs': ({ yardstick }) => yardstick,
    ratio: ({ ratio }) => ratio,
    goal: ({ comparison: { goal } }) => goal && goalText(goal),
    '✔': ({ comparison: { goal }, ratio }) => goal && markOf(goal, ratio),
    'WAL frames': ({ subjectFrames, yardstickFrames }) =>
      subjectFrames === 0 ? undefined : `${framesText(subjectFrames)} · ${framesText(yardstickFrames)}`,
  })
}

function framesText(frames: number): string {
  return frames.toFixed(frames < 1 ? 2 : 1)
}
