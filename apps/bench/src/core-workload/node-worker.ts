/**
 * One process of the core workload, which reads lines from its parent and answers each with a line: `fill`, `open`,
 * `run` and a moment in milliseconds since the epoch, `recording`, `check`. Argument: `WorkerSettings`.
 */
import { createInterface } from 'node:readline'
import { setTimeout as sleep } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { FanoutCache } from '@diskcache/fanout'
import { KEYS, type Step, steps } from './operations.ts'
import type { Recording } from './recording.ts'
import type { WorkerSettings } from './worker-settings.ts'

type Store = Cache<Buffer, Buffer> | FanoutCache<Buffer, Buffer>

const settings: WorkerSettings = JSON.parse(process.argv[2]!)
const recording: Recording = {
  times: { get: [], set: [], delete: [] },
  misses: { get: 0, set: 0, delete: 0 },
  dropped: null,
}
let store: Store | undefined

for await (const line of createInterface({ input: process.stdin })) {
  const [command, moment] = line.split(' ')
  console.log(JSON.stringify(await answer(command!, Number(moment))))
}
store?.close()

async function answer(command: string, moment: number): Promise<unknown> {
  store ??= open()
  switch (command) {
    case 'fill':
      return fill(store)
    case 'open':
      return store.size
    case 'run':
      await sleep(Math.max(0, moment - Date.now()))
      return run(store)
    case 'recording':
      return { ...recording, dropped: store.stats().dropped }
    default:
      return store.check().length
  }
}

function open(): Store {
  const { directory, shards, timeout } = settings
  return shards === null ? new Cache(directory, { timeout }) : new FanoutCache(directory, { shards, timeout })
}

function fill(store: Store): boolean {
  const keys = Array.from({ length: KEYS }, (_, i) => Buffer.from(String(i)))
  return keys.every((key) => store.set(key, key))
}

/** Gives the milliseconds that everything took. */
function run(store: Store): number {
  const begin = performance.now()
  let count = 0
  for (const step of steps(settings.seed, settings.operations)) {
    const start = performance.now()
    const isMiss = perform(store, step)
    const end = performance.now()
    if (count++ <= settings.warmUp) continue
    recording.times[step.operation].push(Math.round((end - start) * 1e6))
    if (isMiss) recording.misses[step.operation]++
  }
  return performance.now() - begin
}

function perform(store: Store, { operation, key, value }: Step): boolean {
  switch (operation) {
    case 'get':
      return store.get(key) === undefined
    case 'set':
      return !store.set(key, value)
    case 'delete':
      return !store.delete(key)
  }
}
