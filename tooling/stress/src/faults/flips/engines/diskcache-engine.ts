import { Readable } from 'node:stream'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import type { Random } from '../../../../../../packages/cache/tests/processes/random.ts'
import type { Findings } from '../findings.ts'
import { MIN_FILE_SIZE, type TemplateEntry, type TemplateKey, templateEntries } from '../template-entries.ts'
import { type Face, WAYS } from '../ways-to-read.ts'
import { PATIENCE, writeAgain } from '../write-again.ts'
import type { FlipEngine, Phase } from './flip-engine.ts'

type Store = Cache<TemplateKey, unknown> | FanoutCache<TemplateKey, unknown>

const OPTIONS = { minFileSize: MIN_FILE_SIZE, evictionPolicy: 'none' } as const
const SHARDS = 2
const ENTRIES = templateEntries({ queues: true })
const ENTRIES_OF_SHARDS = templateEntries({ queues: false })
const PAUSE = 20

/** `Cache` and `FanoutCache`, by both of their faces. */
export const diskcacheEngine: FlipEngine = {
  layouts: ['cache', 'fanout'],
  entries: (layout) => (layout === 'cache' ? ENTRIES : ENTRIES_OF_SHARDS),
  async write(layout, directory, phase) {
    const store = open(layout, directory)
    for (const entry of diskcacheEngine.entries(layout)) await writeEntry(store, entry, phase)
  },
  async tidy(layout, directory) {
    const store = open(layout, directory)
    // Shards are opened when they are needed.
    store.check()
    store.close()
  },
  isTyped: (error) => String((error as { code?: unknown }).code).startsWith('ERR_DISKCACHE_'),
  async judge(layout, directory, random, findings) {
    const entries = this.entries(layout)
    const store = await openSoon(layout, directory, findings)
    if (store === undefined) return
    const face = random.chance(0.5) ? (store as Face) : (store.promises as Face)
    for (const way of waysFor(store, random)) await WAYS[way]?.({ face, entries, findings })
    const keys = await writeAgain(face, entries, random, findings)
    await close(store, findings)
    await readAsNewcomer(layout, directory, findings, entries, keys)
  },
}

function open(layout: string, directory: string): Store {
  return layout === 'cache'
    ? new Cache(directory, OPTIONS)
    : new FanoutCache(directory, { ...OPTIONS, shards: SHARDS, timeout: 5_000 })
}

/** Tries for as long as a cache may refuse to serve. */
async function openSoon(layout: string, directory: string, findings: Findings): Promise<Store | undefined> {
  const deadline = performance.now() + PATIENCE
  for (;;) {
    try {
      return open(layout, directory)
    } catch (error) {
      findings.failed('open', error)
      if (performance.now() > deadline) {
        findings.refused(`it cannot be opened: ${(error as Error).message}`)
        return undefined
      }
      await setTimeout(PAUSE)
    }
  }
}

async function writeEntry(store: Store, entry: TemplateEntry, phase: Phase): Promise<void> {
  const { key, way, tag, ttl, prefix = '', versions } = entry
  const value = versions[phase]
  const isChange = phase < versions.length && value !== undefined
  if (isChange && way === 'write') await store.write(key, Readable.from([value as Uint8Array]))
  else if (isChange && way === 'push') (store as Cache).push(value, prefix === '' ? {} : { prefix })
  else if (isChange) store.set(key, value, { tag, ttl })
  else if (phase === 1 && versions.length === 2 && ttl === undefined) store.delete(key)
}

/** All ways, some of them, or one: what one way has removed, no other one can meet. */
function waysFor(store: Store, random: Random): string[] {
  const names = Object.keys(WAYS).filter((name) => name !== 'pull' || store instanceof Cache)
  const first = random.below(names.length)
  const turned = [...names.slice(first), ...names.slice(0, first)]
  return turned.slice(0, random.pick([1, 3, names.length]))
}

/** What another process would see: nothing wrong, and what was written. */
async function readAsNewcomer(
  layout: string,
  directory: string,
  findings: Findings,
  entries: readonly TemplateEntry[],
  written: readonly TemplateKey[],
): Promise<void> {
  const store = await openSoon(layout, directory, findings)
  if (store === undefined) return
  for (const key of new Set([...entries.map(({ key }) => key), ...written])) {
    try {
      const value = store.get(key)
      findings.observe('get by a newcomer', key, value)
      if (value === undefined && written.includes(key) && findings.expected(key) !== undefined)
        findings.lostAgain()
    } catch (error) {
      findings.failed('get by a newcomer', error)
    }
  }
  await close(store, findings)
}

async function close(store: Store, findings: Findings): Promise<void> {
  try {
    store.close()
  } catch (error) {
    findings.failed('close', error)
  }
}
