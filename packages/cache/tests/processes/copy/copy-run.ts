import { deepStrictEqual, ok, strictEqual } from 'node:assert'
import { existsSync, readdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { Cache, copyDirectory, type StoreCopied } from '@diskcache/cache'
import { Child, meet } from '../child.ts'
import { valueFilesIn } from '../directory-walk.ts'
import { Random } from '../random.ts'
import { expectNone, expectSound } from '../soundness.ts'
import type { CopyJob } from './copier.ts'
import type { PairJob } from './pair-writer.ts'

/** What is run. */
export interface CopyPlan {
  /** An empty directory. */
  readonly directory: string
  readonly seed: number
  /** The number of copies that are made while others write. */
  readonly copies: number
}

const WRITER = new URL('./pair-writer.ts', import.meta.url)
const COPIER = new URL('./copier.ts', import.meta.url)
const WRITERS = 3
const SIZE_LIMIT = 40 * 2 ** 20
const LONGEST_MS = 600_000
const LONGEST_COPY_MS = 400

/**
 * Copies a directory again and again while several processes write to it, one of which is killed now and then, as is a
 * copier. Throws unless each copy opens, is sound, and is one moment of its source.
 */
export async function copyRun(plan: CopyPlan): Promise<string> {
  const run = new CopyRun(plan)
  try {
    await run.start()
    for (let copy = 1; copy <= plan.copies; copy++) {
      await run.copy()
      if (copy % 3 === 0) await run.killWriter()
      if (copy % 2 === 0) await run.killCopier()
    }
    return run.summary()
  } finally {
    await run.end()
  }
}

class CopyRun {
  readonly #plan: CopyPlan
  readonly #random: Random
  readonly #source: string
  readonly #target: string
  readonly #writers: Child<never>[] = []
  readonly #copied: StoreCopied[] = []
  #last = 0
  #killed = 0
  #unfinished = 0

  constructor(plan: CopyPlan) {
    this.#plan = plan
    this.#random = new Random(plan.seed)
    this.#source = join(plan.directory, 'source')
    this.#target = join(plan.directory, 'copy')
  }

  async start(): Promise<void> {
    new Cache(this.#source, { sizeLimit: SIZE_LIMIT }).close()
    for (let writer = 0; writer < WRITERS; writer++) this.#writers.push(this.#startWriter(writer))
    await meet(this.#writers)
    // So many that entries are culled.
    while (valueFilesIn(this.#source).length < 100) await setTimeout(50)
  }

  async copy(): Promise<void> {
    const before = this.#now()
    const [copied] = await copyDirectory(this.#source, this.#target)
    ok(copied)
    expectNone(copied.problems, 'The check before the copy appears')
    strictEqual(copied.damaged, 0, 'entries that had lost their files')
    strictEqual(copied.vanished, 0, 'entries that were left out, though the lock could be had')
    const all = this.#momentOfCopy()
    ok(before <= all, `The copy is of moment ${all}, and began at ${before}`)
    ok(all >= this.#last, `The copy is of moment ${all}, and the one before of ${this.#last}`)
    this.#last = all
    expectSound(this.#target)
    strictEqual(valueFilesIn(this.#target).length, copied.files, 'files of the copy')
    this.#copied.push(copied)
    rmSync(this.#target, { recursive: true })
  }

  async killWriter(): Promise<void> {
    const writer = this.#random.below(WRITERS)
    await this.#stop(this.#writers[writer])
    this.#killed++
    const next = this.#startWriter(writer)
    this.#writers[writer] = next
    await meet([next])
  }

  async killCopier(): Promise<void> {
    const job: CopyJob = { source: this.#source, target: this.#target }
    const copier = Child.process<number>(COPIER, job, { limit: LONGEST_MS })
    await meet([copier])
    await setTimeout(this.#random.below(LONGEST_COPY_MS))
    await this.#stop(copier)
    // It is whole, or not there.
    if (existsSync(this.#target)) expectSound(this.#target)
    else this.#unfinished++
    for (const name of readdirSync(this.#plan.directory)) {
      if (name !== 'source') rmSync(join(this.#plan.directory, name), { recursive: true })
    }
  }

  async end(): Promise<void> {
    for (const writer of this.#writers) await this.#stop(writer)
  }

  summary(): string {
    const rounds = this.#copied.reduce((sum, copy) => sum + copy.rounds, 0)
    const locks = this.#copied.filter((copy) => copy.tookLock).length
    return (
      `${this.#copied.length} copies, each of one moment, of up to ${this.#last}: ${rounds} rounds, ${locks} with the lock; ` +
      `${this.#killed} writers killed, and copiers, of which ${this.#unfinished} left nothing`
    )
  }

  /** Returns the number of the moment that the source is at, or has passed. */
  #now(): number {
    using cache = new Cache<string>(this.#source, { readonly: true })
    return Number(cache.get('all') ?? 0)
  }

  /** Returns the number of the moment of the copy, after a look whether all in it is of this one. */
  #momentOfCopy(): number {
    using cache = new Cache<string>(this.#target, { readonly: true })
    const writers = Array.from({ length: WRITERS }, (_, writer) => writer)
    const numbers = writers.map((writer) => Number(cache.get(`a:${writer}`) ?? 0))
    const others = writers.map((writer) => Number.parseInt(String(cache.get(`b:${writer}`) ?? 0), 10))
    deepStrictEqual(others, numbers, 'What is written together is torn')
    const all = Number(cache.get('all'))
    const sum = numbers.reduce((total, n) => total + n, 0)
    strictEqual(all, sum, 'The number of all writes is not that of the writers together')
    return all
  }

  #startWriter(writer: number): Child<never> {
    const job: PairJob = { directory: this.#source, writer, seed: this.#plan.seed, sizeLimit: SIZE_LIMIT }
    return Child.process<never>(WRITER, job, { limit: LONGEST_MS })
  }

  async #stop(child: Child | undefined): Promise<void> {
    child?.kill()
    await child?.ended
  }
}
