import type { Readable } from 'node:stream'
import { buffer } from 'node:stream/consumers'
import type { Findings } from './findings.ts'
import { isCounter, type TemplateEntry, type TemplateKey } from './template-entries.ts'

type Awaitable<T> = T | Promise<T>

interface FoundEntry {
  readonly value: unknown
  readonly tags: readonly unknown[]
  readonly expireTime: number | null
}

/** What the synchronous and the promise faces of `Cache` and `FanoutCache` have in common. */
export interface Face {
  get(key: TemplateKey): Awaitable<unknown>
  getEntry(key: TemplateKey): Awaitable<FoundEntry | undefined>
  getMany(keys: readonly TemplateKey[]): Awaitable<unknown[]>
  getEntries(keys: readonly TemplateKey[]): Awaitable<(FoundEntry | undefined)[]>
  read(key: TemplateKey): Awaitable<Readable | undefined>
  keys(): Iterable<unknown> | AsyncIterable<unknown>
  values(): Iterable<unknown> | AsyncIterable<unknown>
  entries(): Iterable<[unknown, unknown]> | AsyncIterable<[unknown, unknown]>
  incr(key: TemplateKey): Awaitable<number>
  update(
    key: TemplateKey,
    change: (entry: { value: unknown } | undefined) => { keep: true },
  ): Awaitable<unknown>
  popEntry(key: TemplateKey): Awaitable<FoundEntry | undefined>
  set(key: TemplateKey, value: unknown): Awaitable<boolean>
  /** Shards have no queues. */
  push?(value: unknown, options: { prefix?: string }): Awaitable<TemplateKey>
  pull?(options: { prefix?: string }): Awaitable<{ key: unknown; value: unknown } | undefined>
}

export interface Reading {
  readonly face: Face
  readonly entries: readonly TemplateEntry[]
  readonly findings: Findings
}

type Way = (reading: Reading) => Promise<void>

/** Every way in which values come out. A trial begins with any of them, since the first to meet damage may mend it. */
export const WAYS: Readonly<Record<string, Way>> = {
  get: (reading) => forEach(reading, 'get', ({ key }) => reading.face.get(key)),
  getEntry: readEntries,
  getMany: readMany,
  stream: readStreams,
  iterate,
  incr: addToCounters,
  update: readInUpdate,
  pop: popSome,
  pull: pullAll,
}

async function forEach(
  { entries, findings }: Reading,
  how: string,
  read: (entry: TemplateEntry) => Awaitable<unknown>,
): Promise<void> {
  for (const entry of entries) {
    await attempt(findings, how, async () => findings.observe(how, entry.key, await read(entry)))
  }
}

async function readEntries(reading: Reading): Promise<void> {
  const { face, findings } = reading
  await forEach(reading, 'getEntry', async ({ key }) => {
    const found = await face.getEntry(key)
    if (found !== undefined) findings.observeLabels('getEntry', key, found.tags, found.expireTime)
    return found?.value
  })
}

async function readMany({ face, entries, findings }: Reading): Promise<void> {
  const keys = entries.map(({ key }) => key)
  await attempt(findings, 'getMany', async () => {
    for (const [i, value] of (await face.getMany(keys)).entries()) findings.observe('getMany', keys[i], value)
  })
  await attempt(findings, 'getEntries', async () => {
    for (const [i, found] of (await face.getEntries(keys)).entries())
      findings.observe('getEntries', keys[i], found?.value)
  })
}

/** A stream may have given wrong bytes before it fails; it must not end as if they were right. */
async function readStreams(reading: Reading): Promise<void> {
  const { face, entries, findings } = reading
  const ofBytes = entries.filter(({ key }) => findings.expected(key) instanceof Uint8Array)
  await forEach({ face, entries: ofBytes, findings }, 'read', async ({ key }) => {
    const stream = await face.read(key)
    return stream === undefined ? undefined : buffer(stream)
  })
}

async function iterate({ face, findings }: Reading): Promise<void> {
  await attempt(findings, 'keys', async () => {
    for await (const key of face.keys()) findings.observeKey('keys', key)
  })
  await attempt(findings, 'entries', async () => {
    for await (const [key, value] of face.entries()) {
      findings.observeKey('entries', key)
      findings.observe('entries', key, value)
    }
  })
}

async function addToCounters({ face, entries, findings }: Reading): Promise<void> {
  for (const entry of entries.filter(isCounter)) {
    await attempt(findings, 'incr', async () => {
      const sum = await face.incr(entry.key)
      // A counter that is lost begins again.
      if (sum !== 1) findings.observe('incr', entry.key, sum - 1)
      findings.expect(entry.key, sum)
    })
  }
}

async function readInUpdate(reading: Reading): Promise<void> {
  const { face, findings } = reading
  await forEach(reading, 'update', async ({ key }) => {
    let seen: unknown
    await face.update(key, (entry) => {
      seen = entry?.value
      return { keep: true }
    })
    if (seen !== undefined) findings.observe('update', key, seen)
    return seen
  })
}

async function popSome(reading: Reading): Promise<void> {
  const { face, entries, findings } = reading
  const some = entries.filter(({ way }, i) => way !== 'push' && i % 7 === 0)
  await forEach({ face, entries: some, findings }, 'popEntry', async ({ key }) => {
    const found = await face.popEntry(key)
    // Observed before it is expected to be gone.
    findings.observe('popEntry', key, found?.value)
    findings.expect(key, undefined)
    return undefined
  })
}

/** Another item is pushed, and all are pulled. The order may have holes; what comes must be what was pushed. */
async function pullAll({ face, entries, findings }: Reading): Promise<void> {
  const items = entries.filter(({ way }) => way === 'push')
  for (const prefix of new Set(items.map(({ prefix = '' }) => prefix))) {
    const options = prefix === '' ? {} : { prefix }
    await attempt(findings, 'push', async () => {
      const item = `pushed to ${prefix}`
      const key = await face.push?.(item, options)
      if (key !== undefined) findings.expect(key, item)
    })
    for (let i = 0; i <= items.length; i++) {
      if (await attempt(findings, 'pull', () => isEmptyAfterPull({ face, entries, findings }, options))) break
    }
  }
}

async function isEmptyAfterPull({ face, findings }: Reading, options: { prefix?: string }): Promise<boolean> {
  const item = await face.pull?.(options)
  if (item === undefined) return true
  findings.observeKey('pull', item.key)
  findings.observe('pull', item.key, item.value)
  findings.expect(item.key as TemplateKey, undefined)
  return false
}

async function attempt<T>(findings: Findings, how: string, act: () => Promise<T>): Promise<T | undefined> {
  try {
    return await act()
  } catch (error) {
    findings.failed(how, error)
    return undefined
  }
}
