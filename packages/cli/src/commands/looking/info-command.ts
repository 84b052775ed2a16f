import type { ListOrder, StoreFacts } from '@diskcache/core'
import type { Command } from 'commander'
import { type Holder, holdersOf } from '../../doctor/holders/holders-of.ts'
import type { Target } from '../../reading/targets/target.ts'
import { formatAge, formatTime } from '../../terminal/durations.ts'
import { type Fact, printFacts } from '../../terminal/facts.ts'
import { printJson } from '../../terminal/output.ts'
import { formatBytes, formatCount } from '../../terminal/sizes.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'
import { surveyGroups } from './survey-groups.ts'

/** Settings that are numbers of bytes. */
const IN_BYTES = new Set(['sizeLimit', 'minFileSize'])

/** What `info --json` prints. */
interface Info {
  readonly name: string
  readonly kind: Target['kind']
  readonly entries: number
  readonly expired: number
  readonly volume: number
  readonly sizeLimit: number | null
  readonly oldest: number | null
  readonly newest: number | null
  readonly facts: StoreFacts
  /** The other processes that have the directory open, where the system tells it. */
  readonly holders?: readonly Holder[]
}

/** Adds `info`. */
export function addInfo(program: Command): void {
  const command = takesTarget(program.command('info'))
    .description('tell what a cache has, how large it is, and its settings')
    .option('--json', 'print JSON')
    .action((directory: string, { json }: { json?: boolean }) =>
      withTarget(directory, 'read', async (target) => {
        const info = await infoOf(target)
        if (json) return printJson(info)
        await printFacts(factsOf(info, Date.now()))
      }),
    )
  withExamples(command, [
    ['info ./cache', 'a directory'],
    ['info redis://localhost:6379?prefix=app', 'Redis, what has a prefix'],
    ['info ./cache --json | jq .volume', 'for a program'],
  ])
}

async function infoOf(target: Target): Promise<Info> {
  const facts = await target.listing.facts()
  const { sizeLimit } = facts.settings as { sizeLimit?: number }
  let expired = 0
  for await (const { expiresInMinutes, entries } of surveyGroups(target))
    if (expiresInMinutes === -1) expired += entries
  return {
    ...{ name: target.name, kind: target.kind, entries: facts.entries, expired },
    ...{ volume: await target.store.volume(), sizeLimit: sizeLimit ?? null },
    ...{ oldest: await storeTime(target, false), newest: await storeTime(target, true), facts },
    ...othersOf(target),
  }
}

/** Who else has it open. */
function othersOf({ kind, name }: Target): Pick<Info, 'holders'> {
  if (kind !== 'cache' && kind !== 'fanout') return {}
  const { isKnown, holders } = holdersOf(name)
  return isKnown ? { holders: holders.filter(({ pid }) => pid !== process.pid) } : {}
}

function openText(holders: Info['holders']): string {
  if (holders === undefined) return 'not told by this system'
  if (holders.length === 0) return 'no other process'
  return holders.map(({ command, pid }) => `${command} (pid ${pid})`).join('; ')
}

/** When the entry was stored that comes first by that. */
async function storeTime(target: Target, reverse: boolean): Promise<number | null> {
  const order: ListOrder = 'stored'
  let time: number | undefined
  for await (const { entries } of target.listing.list({ order, reverse, limit: 1 }))
    time = entries[0]?.storeTime
  return time ?? null
}

function factsOf(info: Info, now: number): Fact[] {
  const { facts, oldest, newest, kind } = info
  const size = (bytes: number): [string, number] => [formatBytes(bytes), bytes]
  const age = (time: number | null): [string, string] =>
    time === null ? ['-', '-'] : [`${formatAge(now - time)} ago`, formatTime(time)]
  const directoryFacts: Fact[] = [
    ['database', ...size(facts.databaseBytes)],
    ['log', ...size(facts.logBytes)],
    ['value files', ...size(facts.fileBytes)],
    ['codec', facts.codec],
    ['format', String(facts.format)],
    ['Python', facts.isPythons ? 'has opened it' : 'has not opened it', String(facts.isPythons)],
    ['open in', openText(info.holders), info.holders?.map(({ pid }) => pid).join(' ') ?? '-'],
  ]
  return [
    ['cache', info.name],
    ['kind', kindText(kind, facts.parts), kind],
    ['entries', formatCount(info.entries), info.entries],
    ['expired', formatCount(info.expired), info.expired],
    ['oldest', ...age(oldest)],
    ['newest', ...age(newest)],
    ['volume', volumeText(info), info.volume],
    ...(kind === 'cache' || kind === 'fanout' ? directoryFacts : []),
    ...settingFacts(facts.settings),
  ]
}

function kindText(kind: Target['kind'], parts: number): string {
  const names = { cache: 'a cache', fanout: `a cache of ${parts} shards`, redis: 'Redis', other: 'a store' }
  return names[kind]
}

function volumeText({ volume, sizeLimit }: Info): string {
  if (sizeLimit === null) return formatBytes(volume)
  const share = sizeLimit > 0 ? `, ${Math.round((100 * volume) / sizeLimit)} %` : ''
  return `${formatBytes(volume)} of ${formatBytes(sizeLimit)}${share}`
}

function settingFacts(settings: Readonly<Record<string, unknown>>): Fact[] {
  return Object.entries(settings).flatMap(([name, value]): Fact[] => {
    if (name === 'sqlite' && typeof value === 'object' && value !== null)
      return settingFacts(
        Object.fromEntries(Object.entries(value).map(([part, one]) => [`sqlite.${part}`, one])),
      )
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return [IN_BYTES.has(name) ? [name, formatBytes(Number(value)), text] : [name, text]]
  })
}
