import {
  type ListedEntry,
  type ListOrder,
  type ListQuery,
  VALUE_KINDS,
  type ValueKind,
} from '@diskcache/core'
import { type Command, Option } from 'commander'
import { entryView } from '../../reading/entry-view.ts'
import type { Target } from '../../reading/targets/target.ts'
import { Failure } from '../../terminal/failure.ts'
import { isForPeople, printJsonLines, remark } from '../../terminal/output.ts'
import { Progress } from '../../terminal/progress.ts'
import { formatCount } from '../../terminal/sizes.ts'
import { printTable } from '../../terminal/table.ts'
import { withExamples } from '../arguments/examples.ts'
import { type TagType, tagOf, tagTypeOption } from '../arguments/key-argument.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'
import { entryColumns } from './entry-columns.ts'

/** So many are printed together, and looked for together where the order lets them be. */
const PAGE = 1_000

/** So many people get unless they say otherwise. */
const FEW = 100

/** The orders, and whether what comes first there is what is greatest in the order of the store. */
const SORTS: Readonly<Record<string, { order: ListOrder; reverse: boolean }>> = {
  insertion: { order: 'insertion', reverse: false },
  key: { order: 'key', reverse: false },
  size: { order: 'size', reverse: false },
  age: { order: 'stored', reverse: true },
  read: { order: 'read', reverse: true },
  expiry: { order: 'expiry', reverse: false },
  hits: { order: 'hits', reverse: false },
}

interface KeysOptions {
  readonly prefix?: string
  readonly text?: string
  readonly tag?: string
  readonly tagType: TagType
  readonly kind?: ValueKind
  readonly expired?: boolean
  readonly live?: boolean
  readonly sort: string
  readonly reverse?: boolean
  readonly limit?: number
  readonly json?: boolean
}

/** Adds `keys`. */
export function addKeys(program: Command): void {
  const command = takesTarget(program.command('keys').description('list entries'))
    .option('--prefix <prefix>', 'only those whose key begins so')
    .option('--text <text>', 'only those whose key contains this; A to Z in upper or lower case')
    .option('--tag <tag>', 'only those with this tag')
    .addOption(tagTypeOption())
    .addOption(new Option('--kind <kind>', 'only those whose value is of this kind').choices(VALUE_KINDS))
    .option('--expired', 'only those that have expired and are not removed yet')
    .addOption(new Option('--live', 'only those that have not expired').conflicts('expired'))
    .addOption(
      new Option('--sort <order>', 'the order: smallest, newest, read last, or expiring soonest first')
        .choices(Object.keys(SORTS))
        .default('insertion'),
    )
    .option('--reverse', 'the order turned round')
    .option(
      '--limit <number>',
      `the most that are listed, or all (on a terminal: ${FEW}, in a pipe: all)`,
      parseLimit,
    )
    .option('--json', 'print a line of JSON for each')
    .action((directory: string, options: KeysOptions) =>
      withTarget(directory, 'read', (target) => printKeys(target, options)),
    )
  withExamples(command, [
    ['keys ./cache --sort size --reverse --limit 10', 'the ten largest'],
    ['keys ./cache --tag users --live', 'what has a tag'],
    ['keys ./cache --json | jq -r .key', 'for a program'],
  ])
}

async function printKeys(target: Target, options: KeysOptions): Promise<void> {
  const limit = options.limit ?? (isForPeople() ? FEW : Number.POSITIVE_INFINITY)
  let count = 0
  let total = 0
  // One more is looked for than is shown, which tells whether there are more.
  for await (const page of pagesOf(target, queryOf(options), limit + 1)) {
    const views = page.entries.slice(0, limit - count).map((entry) => entryView(entry, Date.now()))
    if (options.json) await printJsonLines(views)
    else await printTable(entryColumns(Date.now()), views, { titles: count === 0 })
    count += page.entries.length
    total = page.total
  }
  if (count > limit && options.limit === undefined)
    remark(
      `The first ${formatCount(limit)} of up to ${formatCount(total)} entries; --limit all lists the others, too.`,
    )
  if (count === 0 && isForPeople() && !options.json) remark('There are none.')
}

/** Where the order is that of the store, page after page; otherwise all at once, since each page would look at all. */
async function* pagesOf(
  target: Target,
  query: Omit<ListQuery, 'limit'>,
  limit: number,
): AsyncGenerator<{ entries: readonly ListedEntry[]; total: number }> {
  const size = query.order === 'insertion' || query.order === 'key' ? PAGE : Number.MAX_SAFE_INTEGER
  let after: ListQuery['after']
  for (let left = limit; left > 0; ) {
    const wanted = Math.min(size, left)
    const { entries, total } = await lastStep(target, { ...query, limit: wanted, after })
    for (let at = 0; at < entries.length; at += PAGE) yield { entries: entries.slice(at, at + PAGE), total }
    if (entries.length < wanted) return
    left -= entries.length
    after = entries.at(-1)!.place
  }
}

async function lastStep(target: Target, query: ListQuery) {
  using progress = new Progress('reading entries')
  let last: { entries: readonly ListedEntry[]; total: number } = { entries: [], total: 0 }
  for await (const step of target.listing.list(query)) {
    last = step
    if (!step.isDone) progress.update(step.scanned, step.total)
  }
  return last
}

function queryOf(options: KeysOptions): Omit<ListQuery, 'limit'> {
  const { prefix, text, tag, tagType, kind, expired, live, reverse = false } = options
  const sort = SORTS[options.sort]!
  return {
    ...{ prefix, text, kind, order: sort.order, reverse: sort.reverse !== reverse },
    tag: tag === undefined ? undefined : tagOf(tag, tagType),
    expired: expired ? true : live ? false : undefined,
  }
}

function parseLimit(text: string): number {
  if (text === 'all') return Number.POSITIVE_INFINITY
  const limit = Number(text)
  if (Number.isSafeInteger(limit) && limit >= 1) return limit
  throw new Failure(`"${text}" is not a limit: write a number of entries, 1 or more, or all`)
}
