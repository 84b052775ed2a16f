import { setTimeout as delay } from 'node:timers/promises'
import { type Latencies, LatencyRecorder } from '../measuring/latencies.ts'
import { type Extent, Workload } from '../measuring/workload.ts'
import { peerNamed } from '../peers/all-peers.ts'
import type { PeerCalls, Place } from '../peers/peer.ts'
import type { Service } from './service.ts'
import { callOf, isFine, OPERATIONS, type Operation } from './store-calls.ts'

/** What a process found that made calls as fast as it could. */
export interface LoadResult {
  readonly calls: number
  readonly seconds: number
  /** Of every call that did not throw. */
  readonly latencies: Latencies
  /** Milliseconds that the slowest call took, whether it failed or not. */
  readonly longest: number
  /** How often which error was thrown, or something else was given than should have been. */
  readonly failures: Readonly<Record<string, number>>
}

/** So many keys are read after they have been set first. */
const CHECKED = 3

export async function storeService({ peer, place }: { peer: string; place: Place }): Promise<Service> {
  const store = await peerNamed(peer).open(place)
  return { commands: storeCommands(store), close: () => store.close() }
}

/**
 * The same that `python_diskcache.py` obeys: to say which `operations` there are; to `fill` the store; to `join` another
 * process that has filled it; and to make calls from a moment (epoch milliseconds) on, for so many milliseconds. Beside
 * that, to make one call, to write new keys, and to say how many of some keys it finds.
 */
export function storeCommands(store: PeerCalls): Service['commands'] {
  let work = new Workload()
  return {
    operations: () => operationsOf(store, work),
    fill(extent: Extent) {
      work = new Workload(extent)
      return fill(store, work)
    },
    join(extent: Extent, process: number) {
      work = new Workload(extent, process)
    },
    call(name: Exclude<keyof PeerCalls, 'close'>, ...args: never[]) {
      const call = store[name] as ((...args: never[]) => unknown) | undefined
      if (call === undefined) throw new RangeError(`Cannot make a call: there is no ${name}`)
      return call(...args)
    },
    async write(keys: readonly string[]) {
      for (const key of keys) await store.set?.(key, work.values.next())
    },
    async find(keys: readonly string[]) {
      let found = 0
      for (const key of keys) if ((await store.get?.(key)) !== undefined) found++
      return found
    },
    load(operation: Operation, start: number, milliseconds: number) {
      const call = callOf(operation, store, work)
      if (call === undefined) throw new RangeError(`Cannot make calls: there is no ${operation}`)
      return load(call, (result) => isFine(operation, result, work), start, milliseconds)
    },
  }
}

/** In flight are only calls that give promises. */
async function operationsOf(store: PeerCalls, work: Workload): Promise<Operation[]> {
  // One after the other: some stores read half of what is being written.
  const written = store.set?.('trial', 'value')
  await written
  const read = store.get?.('trial')
  await read
  return OPERATIONS.filter((operation) => {
    if (operation === 'getFlight') return read instanceof Promise
    if (operation === 'setFlight') return written instanceof Promise
    return callOf(operation, store, work) !== undefined
  })
}

/** Sets all keys, and checks that they come back: what gives something else than it was given is not measured. */
async function fill(store: PeerCalls, { keyNames, values }: Workload): Promise<void> {
  for (const [i, key] of keyNames.entries()) {
    const value = values.next()
    await store.set?.(key, value)
    if (i >= CHECKED || store.get === undefined || store.set === undefined) continue
    const found = await store.get(key)
    if (found !== value) throw new Error(`it gave ${excerpt(found)} instead of ${excerpt(value)}`)
    const [many] = ((await store.getMany?.([key])) ?? [value]) as unknown[]
    if (many !== value) throw new Error(`its getMany gave ${excerpt(many)} instead of ${excerpt(value)}`)
  }
}

async function load(
  call: () => unknown,
  isFine: (result: unknown) => boolean,
  start: number,
  milliseconds: number,
): Promise<LoadResult> {
  const recorder = new LatencyRecorder()
  const failures: Record<string, number> = {}
  const fail = (text: string) => {
    failures[text] = (failures[text] ?? 0) + 1
  }
  let [calls, longest] = [0, 0]
  await delay(Math.max(0, start - Date.now()))
  const began = performance.now()
  let now = began
  while (now < began + milliseconds) {
    const before = now
    try {
      const pending = call()
      const result = pending instanceof Promise ? await pending : pending
      now = performance.now()
      recorder.add(now - before)
      calls++
      if (!isFine(result)) fail(`gave ${excerpt(result)}`)
    } catch (error) {
      now = performance.now()
      fail(errorText(error))
    }
    longest = Math.max(longest, now - before)
  }
  return { calls, seconds: (now - began) / 1e3, latencies: recorder.latencies(), longest, failures }
}

/** The beginning of a value, for a message. */
function excerpt(value: unknown): string {
  return `${JSON.stringify(value)}`.slice(0, 40)
}

/** What names a kind of error: the code of its first cause, or the beginning of its message. */
function errorText(error: unknown): string {
  const { code, message, cause } = error as NodeJS.ErrnoException
  return cause instanceof Error ? errorText(cause) : (code ?? String(message).slice(0, 60))
}
