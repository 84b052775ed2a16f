import { ok, strictEqual } from 'node:assert'
import { closeSync, mkdirSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Cache, DiskCacheError } from '@diskcache/cache'
import { Random } from '../../../../packages/cache/tests/processes/random.ts'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface FullVolumeJob {
  /** The mount point of a small file system, which becomes full. */
  readonly mountPoint: string
  readonly runs: number
  readonly seed: number
}

export interface FullVolumeReport {
  readonly sets: number
  /** Those that were refused because the disk is full. */
  readonly refused: number
}

const MIB = 2 ** 20
const KEYS = 400
const SETS = 400

const counts = { sets: 0, refused: 0 }

role<FullVolumeJob, FullVolumeReport>(async ({ mountPoint, runs, seed }) => {
  for (let run = 0; run < runs; run++) {
    const random = new Random(seed, run)
    try {
      await new Run(mountPoint, random).work()
    } catch (error) {
      throw new Error(`Run ${run}: ${(error as Error).stack}`, { cause: error })
    }
    for (const name of ['cache', 'ballast']) rmSync(join(mountPoint, name), { recursive: true, force: true })
  }
  return counts
})

/** One cache on a volume that is smaller than its limit, or that others fill. */
class Run {
  readonly #mountPoint: string
  readonly #random: Random
  readonly #sizeLimit: number
  readonly #values = new Map<string, string>()
  #cache: Cache

  constructor(mountPoint: string, random: Random) {
    this.#mountPoint = mountPoint
    this.#random = random
    this.#sizeLimit = random.pick([4, 8, 64, 1_024]) * MIB
    this.#cache = this.#open(false)
  }

  async work(): Promise<void> {
    await this.#writeMany()
    if (this.#random.chance(0.6)) this.#fill()
    await this.#writeMany()
    if (this.#random.chance(0.6)) this.#restart()
    await this.#writeMany()
    this.#remove()
    this.#cache.clear()
    strictEqual(this.#cache.size, 0, 'clear() on a full disk')
    strictEqual(this.#cache.set('after', 'clear'), true, 'a set after clear() on a full disk')
    rmSync(join(this.#mountPoint, 'ballast'), { force: true })
    for (let i = 0; i < 20; i++) strictEqual(this.#cache.set(`later ${i}`, 'x'.repeat(10_000)), true)
    deepEmpty(this.#cache.check())
    this.#cache.close()
  }

  #open(readonly: boolean): Cache {
    const directory = join(this.#mountPoint, 'cache')
    mkdirSync(directory, { recursive: true })
    const settings = readonly ? {} : { sizeLimit: this.#sizeLimit }
    return new Cache(directory, { readonly, ...settings })
  }

  async #writeMany(): Promise<void> {
    for (let i = 0; i < SETS; i++) {
      const key = `key ${this.#random.below(KEYS)}`
      const length = this.#random.chance(0.8) ? this.#random.below(4_000) : this.#random.below(300_000)
      await this.#write(key, `${key}${counts.sets++}`.padEnd(length, '.'))
      this.#read(`key ${this.#random.below(KEYS)}`)
    }
  }

  /** Writes by one of the faces. What was refused must have left neither the new value nor the old one. */
  async #write(key: string, value: string): Promise<void> {
    const isStored = await this.#attempt(() =>
      this.#random.chance(0.5) ? this.#cache.set(key, value) : this.#cache.promises.set(key, value),
    )
    if (isStored === true) this.#values.set(key, value)
    else {
      counts.refused++
      this.#values.delete(key)
      strictEqual(this.#cache.get(key), undefined, 'what a refused set leaves')
    }
    this.#read(key)
  }

  /** Reading always answers: with the value, or, where it may have been evicted, without one. */
  #read(key: string): void {
    const found = this.#cache.get(key)
    ok(found === undefined || found === this.#values.get(key), `${key} is not what was written`)
  }

  /** Fills the volume to its last byte, as another program may. */
  #fill(): void {
    const descriptor = openSync(join(this.#mountPoint, 'ballast'), 'a')
    for (let size = MIB; size >= 512; size /= 2) {
      try {
        while (writeSync(descriptor, Buffer.alloc(size)) === size) {}
      } catch {
        // There is no space for so many bytes any more.
      }
    }
    closeSync(descriptor)
    ok(statfsSync(this.#mountPoint).bavail <= 1, 'the volume is not full')
  }

  #restart(): void {
    this.#cache.close()
    if (this.#random.chance(0.5)) rmSync(join(this.#mountPoint, 'cache', 'cache.db-reserve'), { force: true })
    if (this.#random.chance(0.7)) this.#fill()
    this.#cache = this.#open(true)
    for (let i = 0; i < KEYS; i++) this.#read(`key ${i}`)
    this.#cache.close()
    this.#cache = this.#open(false)
    for (let i = 0; i < KEYS; i++) this.#read(`key ${i}`)
  }

  /** Removes single entries. Whether there was one is not asked: it may have been evicted. */
  #remove(): void {
    for (let i = 0; i < 20; i++) {
      const key = `key ${this.#random.below(KEYS)}`
      this.#cache.delete(key)
      strictEqual(this.#cache.get(key), undefined)
    }
    this.#cache.cull()
  }

  async #attempt(act: () => boolean | Promise<boolean>): Promise<boolean> {
    try {
      return await act()
    } catch (error) {
      if (error instanceof DiskCacheError && error.code === 'ERR_DISKCACHE_FULL') return false
      throw error
    }
  }
}

function deepEmpty(problems: readonly unknown[]): void {
  strictEqual(problems.length, 0, `check(): ${JSON.stringify(problems)}`)
}
