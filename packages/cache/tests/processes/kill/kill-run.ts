import { ok, strictEqual } from 'node:assert'
import { setTimeout } from 'node:timers/promises'
import { Cache } from '@diskcache/cache'
import { Child, meet } from '../child.ts'
import { valueFilesIn } from '../directory-walk.ts'
import { Random } from '../random.ts'
import { expectNone, laterClock } from '../soundness.ts'
import { checkStamped } from '../stamped-value.ts'
import type { Keyspace } from './keyspace.ts'
import { Script, SHARED_COUNTER, SHARED_FILE } from './script.ts'
import type { WriterJob } from './writer.ts'

export interface KillPlan {
  readonly directory: string
  readonly seed: number
  /** How many times all writers are killed. */
  readonly rounds: number
}

const WRITER = new URL('./writer.ts', import.meta.url)
const WRITERS = 4
const LONGEST = 400

/** A writer across all its lives. */
interface Slot {
  readonly writer: number
  readonly script: Script
  next: number
  space: Keyspace
}

interface Life {
  readonly slot: Slot
  readonly child: Child<never>
}

/** Kills writers at random moments, again and again, and throws when anything that was acknowledged is lost. */
export async function killRun(plan: KillPlan): Promise<string> {
  const run = new KillRun(plan)
  for (let round = 0; round < plan.rounds; round++) await run.round(round)
  return run.summary()
}

class KillRun {
  readonly #plan: KillPlan
  readonly #slots: readonly Slot[]
  readonly #random: Random
  #counter = 0
  #kills = 0
  #unacknowledged = 0
  #orphans = 0

  constructor(plan: KillPlan) {
    this.#plan = plan
    this.#random = new Random(plan.seed)
    this.#slots = Array.from({ length: WRITERS }, (_, writer) => {
      const script = new Script(plan.seed, writer)
      return { writer, script, next: 0, space: script.start() }
    })
  }

  summary(): string {
    const operations = this.#slots.reduce((sum, { next }) => sum + next, 0)
    return (
      `${this.#kills} kills in ${this.#plan.rounds} rounds, ${operations} operations: none lost; ` +
      `${this.#unacknowledged} done but not acknowledged, ${this.#orphans} orphans swept`
    )
  }

  async round(round: number): Promise<void> {
    const count = 2 + this.#random.below(WRITERS - 1)
    const lives = this.#slots.slice(0, count).map((slot) => this.#start(slot))
    try {
      await meet(lives.map(({ child }) => child))
      await this.#killAll(lives)
      this.#verify(lives)
    } catch (error) {
      throw new Error(`Round ${round}: ${(error as Error).message}`, { cause: error })
    } finally {
      for (const { child } of lives) child.kill()
    }
  }

  #start(slot: Slot): Life {
    const { directory, seed } = this.#plan
    const job: WriterJob = { directory, seed, writer: slot.writer, next: slot.next }
    return { slot, child: Child.process<never>(WRITER, job, { limit: 30_000 }) }
  }

  /** All at once, or one after the other while the rest goes on. */
  async #killAll(lives: readonly Life[]): Promise<void> {
    await setTimeout(this.#random.below(LONGEST))
    const together = this.#random.chance(0.5)
    for (const { child } of lives) {
      if (!together) await setTimeout(this.#random.below(50))
      child.kill()
      this.#kills++
    }
    for (const { child } of lives) {
      await child.ended
      await expectKilled(child)
    }
  }

  #verify(lives: readonly Life[]): void {
    const { directory } = this.#plan
    using cache = new Cache(directory)
    expectNone(cache.check(), 'check() after the kill')
    this.#verifyShared(cache, lives)
    for (const life of lives) this.#verifySlot(cache, life)
    this.#sweep()
    const files =
      this.#slots.reduce((sum, { space }) => sum + space.fileCount, 0) + Number(cache.has(SHARED_FILE))
    strictEqual(valueFilesIn(directory).length, files, 'there are not as many files as rows that have one')
  }

  /** Everything acknowledged is there; the operation that was under way is there as a whole, or not at all. */
  #verifySlot(cache: Cache, { slot, child }: Life): void {
    const done = acknowledged(child, 'own')
    for (let i = 0; i < done; i++) slot.script.operation(slot.next++).expect(slot.space)
    const before = slot.space.difference(cache)
    if (before === undefined) return
    const later = slot.space.copy()
    slot.script.operation(slot.next).expect(later)
    const after = later.difference(cache)
    ok(
      after === undefined,
      `${slot.script.prefix} after ${slot.next} operations: ${before}\nand with one more: ${after}`,
    )
    slot.space = later
    slot.next++
    this.#unacknowledged++
  }

  #verifyShared(cache: Cache, lives: readonly Life[]): void {
    const count = Number(cache.get(SHARED_COUNTER) ?? 0)
    const least = lives.reduce((sum, { child }) => sum + acknowledged(child, 'shared'), this.#counter)
    ok(
      count >= least && count <= least + lives.length,
      `${SHARED_COUNTER}: ${least} acknowledged, ${count} found`,
    )
    this.#counter = count
    if (cache.has(SHARED_FILE)) checkStamped(SHARED_FILE, cache.get(SHARED_FILE))
  }

  /** One sweep finds all that the dead left, and nothing else. */
  #sweep(): void {
    using cache = new Cache(this.#plan.directory, { clock: laterClock })
    const leftovers = cache.check({ fix: true })
    const harm = leftovers.filter(({ kind }) => kind !== 'orphan-file' && kind !== 'empty-directory')
    expectNone(harm, 'the sweep, besides orphans,')
    expectNone(cache.check(), 'check() after the sweep')
    this.#orphans += leftovers.filter(({ kind }) => kind === 'orphan-file').length
  }
}

/** It must have ended by the kill, not by an error of its own. */
async function expectKilled(child: Child<never>): Promise<void> {
  const reason = await child.result.catch((error: Error) => error.message)
  ok(reason.includes('SIGKILL'), reason)
}

/** How many whole lines of this kind it wrote. */
function acknowledged({ output }: Child<never>, what: string): number {
  const lines = output.split('\n')
  return lines.slice(0, -1).filter((line) => line === what).length
}
