import { rounded } from '../comparisons/measure-groups.ts'
import { atMost } from '../goal.ts'
import { type GoalResult, goalResult } from '../report/goal-result.ts'
import { figureText } from '../report/goals-table.ts'
import type { Part } from '../report/part.ts'
import type { Chart, Column, Section, Table } from '../report/section.ts'
import type { Growth, Memory, Order, Step } from './growth.ts'
import { type GrowthPlan, measureGrowth } from './measure-growth.ts'

const NAME = 'growth'

const FULL: GrowthPlan = {
  sizes: [1_000, 100_000, 1_000_000],
  effort: { milliseconds: 8_000, fewestRounds: 7 },
  calls: 2_000,
  openings: 5,
  reads: 50_000,
}

const QUICK: GrowthPlan = {
  sizes: [1_000, 20_000],
  effort: { milliseconds: 0, fewestRounds: 1, warmUpRounds: 1 },
  calls: 200,
  openings: 2,
  reads: 2_000,
}

const GOAL = atMost(1.5)

const GOAL_STEPS: readonly Step[] = ['get', 'set', 'cull step', 'open and close']

const CHART_STEPS: readonly Step[] = ['get', 'set', 'cull step']

const ORDER_TEXTS: Record<Order, string> = { random: 'in random order', hot: 'mostly 1,000 of them' }

const MEBIBYTE = 2 ** 20

/** What a cache costs as the number of its keys grows. */
export const GROWTH_PART: Part = {
  name: NAME,
  minutes: 3,
  async run(context) {
    const { growths, memory } = await measureGrowth(context.quick ? QUICK : FULL, context)
    return sectionOf(growths, memory)
  },
}

function sectionOf(growths: readonly Growth[], memory: readonly Memory[]): Section {
  return {
    title: 'As the number of keys grows',
    introduction: `The same operations at different numbers of keys, with strings of 100 bytes; the stores of all sizes, and a bare database of each size, take turns. **×** is how many times the time at the smallest number of keys it takes, and **bare ×** is the same for the bare database, which shows what is SQLite’s own: its trees become deeper, and what both keep in memory, 16 MiB of pages in the cache and 32 in the bare database, is ever less of all. Keys are visited in random order, each as likely as any other, and as caches are used: nine times out of ten one of 1,000 keys, which lie scattered among the others.

A _cull step_ is a \`set\` of a new key in a cache that is full: it removes the entry that was stored first. The bare database inserts a row and deletes the one with the lowest rowid in one transaction.`,
    tables: [
      ...(['random', 'hot', undefined] as const).map((order) => tableOf(growths, order)),
      memoryTable(memory),
    ],
    charts: (['random', 'hot'] as const).map((order) => chartOf(growths, order)),
    goals: [...growths.flatMap(goalsOf), ...memoryGoals(memory)],
    data: { growths: growths.map(dataOf), memory },
  }
}

function tableOf(growths: readonly Growth[], order: Order | undefined): Table {
  const shown = growths.filter((growth) => growth.order === order)
  const sizes = shown[0]?.ours.map(({ keys }) => keys) ?? []
  const larger = sizes.slice(1)
  const columns: Column[] = [
    { head: 'operation', align: 'left' },
    ...sizes.map((keys) => ({ head: `${countText(keys)} keys, µs` })),
    ...larger.flatMap((keys) => [{ head: `× at ${countText(keys)}` }, { head: 'bare ×' }]),
  ]
  return {
    title: order === undefined ? 'Operations that choose no key' : `Keys ${ORDER_TEXTS[order]}`,
    columns,
    rows: shown.map(({ operation, ours, bare }) => [
      operation,
      ...ours.map(({ microseconds }) => figureText(microseconds)),
      ...larger.flatMap((_, i) =>
        [ours[i + 1], bare[i + 1]].map((figure) => figureText(figure?.ratio ?? Number.NaN)),
      ),
    ]),
  }
}

function memoryTable(memory: readonly Memory[]): Table {
  return {
    title: 'Resident memory of a process that uses the store',
    columns: [{ head: 'keys' }, { head: 'Cache, MiB' }, { head: 'bare SQLite, MiB' }],
    rows: memory.map(({ keys, ours, bare }) => [
      countText(keys),
      figureText(ours / MEBIBYTE),
      figureText(bare / MEBIBYTE),
    ]),
    notes:
      'After reads and writes all over the store, in a Node of its own. What grows is the pages that SQLite keeps, until they are 16 MiB (`sqlite.cacheSize`), and the index of its write-ahead log.',
  }
}

function chartOf(growths: readonly Growth[], order: Order): Chart {
  const shown = growths.filter((growth) => growth.order === order || growth.operation === 'cull step')
  return {
    name: `growth-${order}`,
    title: `Time of an operation, where it takes 1 at the smallest number of keys; keys ${ORDER_TEXTS[order]}`,
    axis: 'ratio',
    scale: 'linear',
    kind: 'lines',
    points: shown
      .filter(({ operation }) => CHART_STEPS.includes(operation))
      .flatMap(({ operation, ours, bare }) => [
        ...ours.map(({ keys, ratio }) => ({ group: keys, series: operation, value: ratio })),
        ...bare.map(({ keys, ratio }) => ({ group: keys, series: `bare ${operation}`, value: ratio })),
      ]),
  }
}

function goalsOf({ operation, order, ours, bare }: Growth): GoalResult[] {
  const [largest, bareLargest, smallest] = [ours.at(-1), bare.at(-1), ours[0]]
  if (!GOAL_STEPS.includes(operation) || !largest || !bareLargest || !smallest) return []
  const where = order === undefined ? '' : `, ${ORDER_TEXTS[order]}`
  return [
    goalResult({
      work: `${operation} at ${countText(largest.keys)} keys${where}, against ${countText(smallest.keys)} keys`,
      goal: GOAL,
      measured: largest.ratio,
      part: NAME,
      note: `Bare SQLite itself: ${figureText(bareLargest.ratio)}.`,
    }),
  ]
}

function memoryGoals(memory: readonly Memory[]): GoalResult[] {
  const [smallest, largest] = [memory[0], memory.at(-1)]
  if (!smallest || !largest) return []
  return [
    goalResult({
      work: `memory of a process at ${countText(largest.keys)} keys, against ${countText(smallest.keys)} keys`,
      goal: GOAL,
      measured: largest.ours / smallest.ours,
      part: NAME,
      note: `Bare SQLite itself: ${figureText(largest.bare / smallest.bare)}.`,
    }),
  ]
}

function dataOf({ operation, order, ours, bare }: Growth): object {
  const figures = (list: Growth['ours']) =>
    list.map(({ keys, microseconds, ratio }) => ({
      keys,
      microseconds: rounded(microseconds),
      ratio: rounded(ratio),
    }))
  return { operation, order, ours: figures(ours), bare: figures(bare) }
}

function countText(count: number): string {
  return count.toLocaleString('en')
}
