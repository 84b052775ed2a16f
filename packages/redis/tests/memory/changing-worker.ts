import { appendFileSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { job, tell } from '../../../recipes/tests/processes/job.ts'
import { RedisStore, type RedisStoreOptions } from '../../src/index.ts'
import { now } from './changes.ts'

export interface ChangingJob {
  readonly options: RedisStoreOptions
  /** A file for the changes, of which each is noted before it begins and when it is done. */
  readonly file: string
  readonly keys: number
  /** The number of the first change of each key. */
  readonly first: readonly number[]
}

/** How many changes are made before a pause of 10 ms. */
const BURST = 10

const { options, file, keys, first } = await job<ChangingJob>()
const store = new RedisStore(options)
const next = [...first]
await change(0)
tell('ready')
for (;;) {
  for (let i = 0; i < BURST; i++) await change(Math.floor(Math.random() * keys))
  if (Math.random() < 0.01) await evict()
  await delay(10)
}

async function change(key: number): Promise<void> {
  const kind = Math.random()
  const ttl = kind < 0.1 ? 0 : kind < 0.4 ? 20 + Math.floor(Math.random() * 300) : Infinity
  const n = begin([key], ttl)[0] as number
  // A third of them have a tag, of which the values are evicted now and then.
  if (ttl === 0) await store.delete(key)
  else await store.set(key, { n, list: [n] }, { ttl, ...(key % 3 === 0 ? { tag: 't' } : {}) })
  end([key])
}

async function evict(): Promise<void> {
  const tagged = Array.from({ length: keys }, (_, key) => key).filter((key) => key % 3 === 0)
  begin(tagged, 0)
  await store.evict('t')
  end(tagged)
}

function begin(all: readonly number[], ttl: number): number[] {
  const numbers = all.map((key) => next[key] as number)
  for (const key of all) next[key] = (next[key] as number) + 1
  const lines = all.map((key, i) => `${key} ${numbers[i]} ${now()} ${ttl}\n`)
  appendFileSync(file, lines.join(''))
  return numbers
}

function end(all: readonly number[]): void {
  const time = now()
  appendFileSync(file, all.map((key) => `${key} ${(next[key] as number) - 1} ${time}\n`).join(''))
}
