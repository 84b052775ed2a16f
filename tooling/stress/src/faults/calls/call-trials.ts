import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { writeSnapshot } from '../flips/snapshot.ts'
import * as judge from './call-judge.ts'
import type { CallOutcome } from './call-outcome.ts'
import { CARELESS } from './careless.ts'
import { FaultControl } from './fault-control.ts'
import { type FaultPoint, pointsOf } from './fault-points.ts'
import { OPENINGS, OPERATIONS, type Opening, type Operation } from './operations.ts'
import { type AnyStore, makeStoreTemplate, openStore, type StoreTemplate, TIMEOUT } from './store-template.ts'

/** How much longer than its timeout an operation may take, in milliseconds. */
const GRACE = 2_000
const MOMENT = 500

/** Operations on a directory, with or without a fault. */
export class CallTrials {
  readonly #control = new FaultControl()
  readonly #parent: string
  /** Another one for each trial, so that nothing is known of it. */
  #directory: string
  #trials = 0
  readonly #cache: StoreTemplate
  readonly #shards: StoreTemplate

  /** `directory`: its own, not there yet. */
  constructor(directory: string) {
    mkdirSync(directory)
    this.#directory = join(directory, 'trial 0')
    this.#parent = directory
    this.#cache = makeStoreTemplate(false, this.#directory)
    this.#shards = makeStoreTemplate(true, this.#directory)
  }

  /** Counts the calls of every operation that succeeds. */
  async findPoints(): Promise<FaultPoint[]> {
    const points: FaultPoint[] = []
    for (const tried of [...OPENINGS, ...OPERATIONS]) {
      const store = this.#prepare(tried)
      this.#control.arm()
      const ending = await this.#end(tried, store)
      points.push(...pointsOf(tried.name, this.#control.disarm().seen))
      if ('error' in ending) throw new Error(`${tried.name} fails of itself`, { cause: ending.error })
      storeOf(store, ending)?.close()
    }
    return points
  }

  async make(point: FaultPoint): Promise<CallOutcome> {
    const tried = [...OPENINGS, ...OPERATIONS, ...CARELESS].find(({ name }) => name === point.operation) as
      | Operation
      | Opening
    const prepared = this.#prepare(tried)
    const start = performance.now()
    this.#control.arm(point)
    const ending = await this.#end(tried, prepared)
    const { failed } = this.#control.disarm()
    const took = performance.now() - start
    return {
      ...{ point, failed, ...endOf(ending, tried, point), ...judge.judgeResult(tried, ending) },
      ...(took > TIMEOUT + GRACE && { slow: `it took ${took.toFixed(0)} ms` }),
      ...(await this.#look(tried, ending, storeOf(prepared, ending), point.error === 'ENOSPC')),
    }
  }

  /** What is left of an operation. */
  async #look(
    tried: Operation | Opening,
    ending: judge.Ending,
    store: AnyStore | undefined,
    isFull: boolean,
  ) {
    const isClosed = store === undefined || tried.name.endsWith('close')
    const unusable = isClosed ? undefined : await judge.whyUnusable(store)
    store?.close()
    const leaked = await this.#newLeaks()
    const state = judge.readState(this.#directory, tried)
    const unsound = judge.whyUnsound(this.#directory, tried)
    const findings = { unusable, leaked, unsound, ...judge.judgeState(tried, ending, state, isFull) }
    return Object.fromEntries(Object.entries(findings).filter(([, text]) => text !== undefined))
  }

  /** What is open although all is closed. What other operations had begun may take a moment. */
  async #newLeaks(): Promise<string | undefined> {
    const deadline = performance.now() + MOMENT
    let leaks = judge.openFilesIn(this.#directory)
    while (leaks.length > 0 && performance.now() < deadline) {
      await setTimeout(10)
      leaks = judge.openFilesIn(this.#directory)
    }
    return leaks.map((leak) => leak.replace(this.#directory, '')).join(', ') || undefined
  }

  /** Lays out the directory, and opens it unless that is what is tried. */
  #prepare(tried: Operation | Opening): AnyStore | undefined {
    rmSync(this.#directory, { recursive: true, force: true })
    this.#directory = join(this.#parent, `trial ${++this.#trials}`)
    const { closed, killed } = tried.ofShards ? this.#shards : this.#cache
    if ('on' in tried && tried.on === 'nothing') return undefined
    mkdirSync(this.#directory, { mode: 0o700 })
    writeSnapshot('on' in tried && tried.on === 'killed' ? killed : closed, this.#directory)
    return 'on' in tried ? undefined : openStore(tried.ofShards === true, this.#directory)
  }

  async #end(tried: Operation | Opening, store: AnyStore | undefined): Promise<judge.Ending> {
    try {
      if ('run' in tried) return { value: await tried.run(store as AnyStore) }
      return { value: openStore(tried.ofShards === true, this.#directory) }
    } catch (error) {
      return { error }
    }
  }
}

/** The object that was used, or the one that was opened. */
function storeOf(prepared: AnyStore | undefined, ending: judge.Ending): AnyStore | undefined {
  return prepared ?? ('value' in ending ? (ending.value as AnyStore) : undefined)
}

function endOf(
  ending: judge.Ending,
  tried: judge.Tried,
  { onward }: FaultPoint,
): Pick<CallOutcome, 'end' | 'untyped' | 'misnamed'> {
  if ('value' in ending) return { end: ending.value === false ? 'false' : 'ok' }
  const { code, name } = ending.error as Error & { code?: string }
  const end = code ?? name
  if (!judge.isTyped(ending.error)) return { end, untyped: judge.describeError(ending.error) }
  // SQLite itself calls it damage when reads go on failing.
  const isMisnamed = end === 'ERR_DISKCACHE_CORRUPT' && !onward && !tried.runsOnce
  return isMisnamed ? { end, misnamed: judge.describeError(ending.error) } : { end }
}
