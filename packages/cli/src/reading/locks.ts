import { encodeCanonicalKey, type HoldRow, KeyForm, type ListedEntry, liveHolds } from '@diskcache/core'
import { idOfKey, shownKey } from './key-id.ts'
import type { Target } from './targets/target.ts'

/** A lock, semaphore, barrier or computation that is held, or was. */
export interface LockView {
  /** The id of its row. */
  readonly id: string
  /** What it is: `lock`, `semaphore`, `barrier`, or `lease`, of `getOrSet` and `memoizeStampede`. */
  readonly recipe: string
  /** Its key or name. */
  readonly name: string
  /** The number of those who hold it now. */
  readonly holders: number
  /** The number of those who wait in its line. */
  readonly waiting: number
  /** The end of the last lease, in epoch milliseconds, or `null` when nobody holds it. */
  readonly until: number | null
}

/** The recipes whose rows say who holds them. */
const RECIPES = ['lock', 'semaphore', 'barrier', 'lease'] as const

/** The most rows of each recipe that are looked at. */
const MOST_ROWS = 200

/**
 * Resolves to the locks that are held or waited for: those of the whole store, not of its namespaces. It looks for their
 * rows where they stand in the order of keys, and so takes no longer in a large store.
 */
export async function locksOf(target: Target, now: number): Promise<LockView[]> {
  // A walk over all entries, each time somebody looks, would be too much for a server.
  // Neither are there rows of their own in the order of keys within a namespace.
  if (target.listing.find !== undefined) return []
  const rows = await Promise.all(RECIPES.map((recipe) => rowsOf(target, recipe)))
  const views = await Promise.all(rows.flat().map((entry) => lockOf(target, entry, now)))
  return views.filter((view) => view !== undefined && (view.holders > 0 || view.waiting > 0)) as LockView[]
}

/** Returns the entries whose keys begin with `['diskcache', recipe`, and have one part more. */
async function rowsOf({ listing }: Target, recipe: string): Promise<ListedEntry[]> {
  // The canonical encoding of `null` is one byte.
  const prefix = encodeCanonicalKey(['diskcache', recipe, null]).subarray(0, -1)
  const after = { by: prefix, form: KeyForm.canonical, part: 0, row: 0n }
  for await (const step of listing.list({ order: 'key', after, limit: MOST_ROWS }))
    if (step.isDone) return step.entries.filter(({ encodedKey: { key } }) => beginsWith(key, prefix))
  return []
}

function beginsWith(key: unknown, prefix: Buffer): boolean {
  return Buffer.isBuffer(key) && key.subarray(0, prefix.length).equals(prefix)
}

async function lockOf({ listing }: Target, entry: ListedEntry, now: number): Promise<LockView | undefined> {
  const [, recipe, name] = entry.key as [string, string, unknown]
  const row = entry.key === undefined ? undefined : await readRow(listing.raw(entry.key))
  if (row === undefined) return undefined
  const holds = liveHolds(row, now)
  return {
    ...{ id: idOfKey(entry.encodedKey), recipe, name: shownKey(name as string, entry.encodedKey) },
    ...{ holders: holds.length, waiting: row.line?.length ?? 0 },
    until: holds.length === 0 ? null : Math.max(...holds.map(({ until }) => until)),
  }
}

async function readRow(raw: ReturnType<Target['listing']['raw']>): Promise<HoldRow | undefined> {
  try {
    const row = (await raw)?.read() as Partial<HoldRow> | undefined
    return Array.isArray(row?.holds) ? (row as HoldRow) : undefined
  } catch {
    return undefined
  }
}
