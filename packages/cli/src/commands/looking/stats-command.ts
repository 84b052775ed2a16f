import { setTimeout as sleep } from 'node:timers/promises'
import type { Stats } from '@diskcache/core'
import { type Command, Option } from 'commander'
import type { Target } from '../../reading/targets/target.ts'
import { formatTime, parseDuration } from '../../terminal/durations.ts'
import { type Fact, printFacts } from '../../terminal/facts.ts'
import { Failure } from '../../terminal/failure.ts'
import { isForPeople, printJson, printJsonLines, remark } from '../../terminal/output.ts'
import { formatCount } from '../../terminal/sizes.ts'
import { type Column, printTable } from '../../terminal/table.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

interface StatsOptions {
  readonly watch?: boolean
  readonly interval?: number
  readonly times?: number
  readonly reset?: boolean
  readonly enable?: boolean
  readonly disable?: boolean
  readonly json?: boolean
}

/** What was counted between two looks. */
interface Change {
  readonly time: number
  readonly hits: number
  readonly misses: number
  readonly evictions: number
}

/** Adds `stats`. */
export function addStats(program: Command): void {
  const command = takesTarget(program.command('stats').description('tell hits, misses and evictions'))
    .option('--watch', 'go on, with a line for what was counted since the one before')
    .option('--interval <duration>', 'between two lines of --watch, 1s unless given', parseInterval)
    .option('--times <number>', 'so many lines of --watch, then end', parseTimes)
    .option('--reset', 'begin to count from 0')
    .option('--enable', 'count from now on, in every process')
    .addOption(new Option('--disable', 'count no longer').conflicts('enable'))
    .addOption(new Option('--json', 'print JSON'))
    .action(stats)
  withExamples(command, [
    ['stats ./cache --enable', 'from now on hits are counted'],
    ['stats ./cache --watch', 'what happens, second by second'],
    ['stats ./cache --json | jq .hitRate', 'for a program'],
  ])
}

async function stats(directory: string, options: StatsOptions): Promise<void> {
  if (!options.watch && (options.interval !== undefined || options.times !== undefined))
    throw new Failure('--interval and --times are for --watch: give it, too')
  const use = isChange(options) ? 'change' : 'read'
  await withTarget(directory, use, (target) => printStats(target, options))
}

function isChange({ reset, enable, disable }: StatsOptions): boolean {
  return Boolean(reset || enable || disable)
}

async function printStats(target: Target, options: StatsOptions): Promise<void> {
  const { enable, disable, reset } = options
  const toggle = enable ? true : disable ? false : undefined
  const stats = await target.store.stats({ enable: toggle, reset })
  const isCounted = (await target.listing.facts()).settings.statistics !== false
  if (options.watch) await watch(target, stats, options)
  else if (options.json) await printJson({ ...stats, hitRate: hitRate(stats), isCounted })
  else await printFacts(factsOf(stats))
  if (!isCounted && !disable && isForPeople())
    remark('Nothing is counted at present; diskcache stats DIRECTORY --enable begins with it.')
}

function factsOf(stats: Stats): Fact[] {
  const { hits, misses, evictions } = stats
  const rate = hitRate(stats)
  return [
    ['hits', formatCount(hits), hits],
    ['misses', formatCount(misses), misses],
    ['hit rate', rate === null ? '-' : `${(100 * rate).toFixed(1)} %`, rate ?? '-'],
    ['evictions', formatCount(evictions?.count ?? 0), evictions?.count ?? 0],
  ]
}

function hitRate({ hits, misses }: Pick<Stats, 'hits' | 'misses'>): number | null {
  return hits + misses === 0 ? null : hits / (hits + misses)
}

async function watch(
  { store }: Target,
  first: Stats,
  { interval = 1_000, times, json }: StatsOptions,
): Promise<void> {
  let last = first
  for (let line = 0; line < (times ?? Number.POSITIVE_INFINITY); line++) {
    await sleep(interval)
    const stats = await store.stats()
    const change = changeBetween(last, stats)
    if (json) await printJsonLines([{ ...change, hitRate: hitRate(change) }])
    else await printTable(COLUMNS, [change], { titles: line === 0 })
    last = stats
  }
}

/** Of counters that began anew in between, what they have counted since then. */
function changeBetween(last: Stats, stats: Stats): Change {
  const since = (before: number, after: number) => (after < before ? after : after - before)
  return {
    time: Date.now(),
    hits: since(last.hits, stats.hits),
    misses: since(last.misses, stats.misses),
    evictions: since(last.evictions?.count ?? 0, stats.evictions?.count ?? 0),
  }
}

/** As wide in every line, whatever is in it: each is a table of its own. */
const COLUMNS: Column<Change>[] = [
  {
    title: 'time    ',
    cell: ({ time }) => formatTime(time).slice(11, 19),
    plain: ({ time }) => formatTime(time),
  },
  ...(['hits', 'misses', 'evictions'] as const).map((name) => ({
    ...{ title: name.padStart(9), align: 'right' as const },
    cell: (change: Change) => formatCount(change[name]).padStart(9),
    plain: (change: Change) => change[name],
  })),
  {
    ...{ title: 'hit rate', align: 'right', plain: (change) => hitRate(change) ?? '-' },
    cell: (change) => {
      const rate = hitRate(change)
      return (rate === null ? '-' : `${(100 * rate).toFixed(1)} %`).padStart(8)
    },
  },
]

function parseInterval(text: string): number {
  const interval = parseDuration(text)
  if (interval >= 10 && interval <= 86_400_000) return interval
  throw new Failure(`"${text}" is not an interval: write a duration from 10ms to 1d`)
}

function parseTimes(text: string): number {
  const times = Number(text)
  if (Number.isSafeInteger(times) && times >= 1) return times
  throw new Failure(`"${text}" is not a number of lines, 1 or more`)
}
