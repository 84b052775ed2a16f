import { setTimeout as pause } from 'node:timers/promises'
import { hasCode } from '@diskcache/core'
import type { Command } from 'commander'
import type { Target } from '../../reading/targets/target.ts'
import { paint, type Style } from '../../terminal/colours.ts'
import { formatAge, formatTime, parseDuration } from '../../terminal/durations.ts'
import { escapeControls } from '../../terminal/escape.ts'
import { Failure } from '../../terminal/failure.ts'
import { isForPeople, print, remark } from '../../terminal/output.ts'
import { counted, formatBytes } from '../../terminal/sizes.ts'
import { cutMiddle } from '../../terminal/text-width.ts'
import { withExamples } from '../arguments/examples.ts'
import { interruptible } from '../arguments/interruptible.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'
import { DatabaseWrites } from './database-writes.ts'
import { type ChangeKind, type EntryChange, EntryChanges } from './entry-changes.ts'

/** The time between two looks unless it is said, in milliseconds. */
const INTERVAL_MS = 200
const SHORTEST_MS = 10
const LONGEST_MS = 3_600_000

/** The columns that a line has beside the key: the time of day, what happened, the size, the time to live. */
const OTHER_COLUMNS = '12:00:00.000  expire    999 KiB  59 min'.length

const STYLES: Readonly<Record<ChangeKind, Style>> = {
  ...{ set: 'green', touch: 'cyan', expire: 'yellow', delete: 'red' },
}

interface WatchOptions {
  readonly prefix?: string
  readonly interval: number
  readonly json?: boolean
}

/** Adds `watch`. */
export function addWatch(program: Command): void {
  const command = takesTarget(program.command('watch').description('tell what changes, live, until Ctrl+C'))
    .option('--prefix <prefix>', 'only entries whose key begins so')
    .option('--interval <duration>', 'the time between two looks, 10ms to 1h', parseInterval, INTERVAL_MS)
    .option('--json', 'print an object on a line for each change')
    .action((directory: string, options: WatchOptions) =>
      withTarget(directory, 'read', (target) => interruptible((signal) => watch(target, options, signal))),
    )
  withExamples(command, [
    ['watch ./cache', 'all that other processes do'],
    ['watch ./cache --prefix sessions: --json', 'one namespace, for a program'],
  ])
}

function parseInterval(text: string): number {
  const interval = parseDuration(text)
  if (interval >= SHORTEST_MS && interval <= LONGEST_MS) return interval
  throw new Failure(`"${text}" is not an interval: write one of 10ms to 1h`)
}

async function watch(target: Target, options: WatchOptions, signal: AbortSignal): Promise<void> {
  const { prefix, interval } = options
  const changes = new EntryChanges(target, prefix)
  const writes = target.kind === 'redis' ? undefined : new DatabaseWrites(target.name)
  for (let isFirst = true; ; isFirst = false) {
    const start = performance.now()
    if (writes?.mayHaveChanged(Date.now()) ?? true) await printLook(changes, isFirst, options, signal)
    if (isFirst) remark(`Watching ${counted(changes.size, 'entry', 'entries')}; Ctrl+C ends it.`)
    for (const change of changes.expired(Date.now())) if (!isFirst) await printChange(change, options)
    // A large store is not looked at all the time.
    await pause(Math.max(interval, performance.now() - start), undefined, { signal })
  }
}

async function printLook(
  changes: EntryChanges,
  isFirst: boolean,
  options: WatchOptions,
  signal: AbortSignal,
): Promise<void> {
  try {
    for await (const change of changes.look(signal)) if (!isFirst) await printChange(change, options)
  } catch (error) {
    // Who writes may keep readers out for a moment.
    if (isFirst || !hasCode(error, 'ERR_DISKCACHE_TIMEOUT')) throw error
  }
}

async function printChange(change: EntryChange, { json = false }: WatchOptions): Promise<void> {
  await print(json ? JSON.stringify(change) : isForPeople() ? lineOf(change) : cellsOf(change))
}

function lineOf({ time, change, key, bytes, expireTime }: EntryChange): string {
  const room = Math.max(12, (process.stdout.columns || 80) - OTHER_COLUMNS - 2)
  const isThere = change === 'set' || change === 'touch'
  const ttl = isThere && expireTime !== null ? `  ${formatAge(expireTime - time)}` : ''
  const cells = [
    paint('dim', formatTime(time).slice(11, 23)),
    paint(STYLES[change], change.padEnd(6)),
    formatBytes(bytes).padStart(9),
  ]
  return `${cells.join('  ')}  ${cutMiddle(escapeControls(key), room)}${ttl}`
}

function cellsOf({ time, change, key, bytes, expireTime }: EntryChange): string {
  const cells = [
    formatTime(time),
    change,
    bytes,
    expireTime === null ? '-' : formatTime(expireTime),
    escapeControls(key),
  ]
  return cells.join('\t')
}
