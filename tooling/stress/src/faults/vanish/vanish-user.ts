import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type { Cache } from '@diskcache/cache'
import { Deque } from '@diskcache/collections'
import type { FanoutCache } from '@diskcache/fanout'
import { type Hold, Lock } from '@diskcache/recipes'
import { role } from '../../../../../packages/cache/tests/processes/role.ts'
import { LEASE, MIN_FILE_SIZE, openVanishing, QUEUE_ERROR } from './open-vanishing.ts'

export interface VanishUserJob {
  readonly directory: string
  readonly isSharded: boolean
  readonly id: string
  /** Whether it holds the lock from the beginning, or waits for it. */
  readonly holds: boolean
  /** How long it works after the start, in milliseconds. */
  readonly duration: number
}

/** Times are epoch milliseconds. */
export interface VanishUserReport {
  /** Writes that were acknowledged: key, and when they began. */
  readonly written: readonly (readonly [key: string, began: number])[]
  readonly typed: Readonly<Record<string, number>>
  readonly untyped: readonly string[]
  /** When the lock was obtained by the one who waits. */
  readonly acquired: number | undefined
  /** When the holder was told that it still holds, for the last time. */
  readonly lastHeld: number | undefined
  /** Items that came to the one who waits, and when. */
  readonly taken: readonly (readonly [item: unknown, time: number])[]
}

const PAUSE = 20

role<VanishUserJob, VanishUserReport>(async (job, barrier) => {
  const user = new VanishUser(job)
  await user.begin()
  await barrier()
  await user.work()
  return user.report()
})

/** A process that writes by both faces, holds or awaits a lock, and awaits items of a queue. */
class VanishUser {
  readonly #job: VanishUserJob
  readonly #store: Cache | FanoutCache
  readonly #deque: Deque | undefined
  readonly #written: [string, number][] = []
  readonly #typed: Record<string, number> = {}
  readonly #untyped: string[] = []
  readonly #taken: [unknown, number][] = []
  readonly #end = new AbortController()
  #hold: Hold | undefined
  #acquired: number | undefined
  #lastHeld: number | undefined

  constructor(job: VanishUserJob) {
    this.#job = job
    this.#store = openVanishing(job.directory, job.isSharded)
    this.#deque = job.isSharded ? undefined : new Deque(join(job.directory, 'queue'))
  }

  async begin(): Promise<void> {
    if (this.#job.holds) this.#hold = await new Lock(this.#store, 'lock', { lease: LEASE }).acquire()
  }

  async work(): Promise<void> {
    const time = setTimeout(this.#job.duration).then(() => this.#end.abort())
    const { holds } = this.#job
    const tasks = [this.#write('set', (key, value) => this.#store.set(key, value))]
    tasks.push(this.#write('promises.set', (key, value) => this.#store.promises.set(key, value)))
    tasks.push(holds ? this.#keepChecking() : this.#acquire(), this.#take())
    await time
    await Promise.all(tasks)
    this.#tryNow(() => this.#deque?.close())
    this.#tryNow(() => this.#store.close())
  }

  report(): VanishUserReport {
    return {
      ...{ written: this.#written, typed: this.#typed, untyped: this.#untyped, taken: this.#taken },
      ...{ acquired: this.#acquired, lastHeld: this.#lastHeld },
    }
  }

  async #write(face: string, set: (key: string, value: string) => unknown): Promise<void> {
    for (let i = 0; !this.#end.signal.aborted; i++) {
      const key = `${this.#job.id} ${face} ${i}`
      const began = Date.now()
      await this.#try(async () => {
        if ((await set(key, valueUnder(key, i))) === true) this.#written.push([key, began])
      })
      await setTimeout(PAUSE)
    }
  }

  async #keepChecking(): Promise<void> {
    const hold = this.#hold as Hold
    while (!this.#end.signal.aborted && !hold.lost.aborted) {
      const began = Date.now()
      try {
        hold.check()
        this.#lastHeld = began
      } catch {
        return
      }
      await setTimeout(PAUSE)
    }
  }

  async #acquire(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted && this.#acquired === undefined) {
      await this.#try(async () => {
        await new Lock(this.#store, 'lock', { lease: LEASE }).acquire({ signal })
        this.#acquired = Date.now()
      })
      await setTimeout(PAUSE)
    }
  }

  async #take(): Promise<void> {
    const { signal } = this.#end
    while (!signal.aborted && this.#deque !== undefined) {
      await this.#try(async () => {
        const item = await this.#deque?.promises.takeLeft({ signal })
        if (item !== undefined) this.#taken.push([item, Date.now()])
      }, QUEUE_ERROR)
      await setTimeout(PAUSE)
    }
  }

  async #try(act: () => Promise<void>, prefix = ''): Promise<void> {
    try {
      await act()
    } catch (error) {
      if (!this.#end.signal.aborted) this.#note(error, prefix)
    }
  }

  #tryNow(act: () => void): void {
    try {
      act()
    } catch (error) {
      this.#note(error)
    }
  }

  #note(error: unknown, prefix = ''): void {
    const { code, name, message } = error as Error & { code?: string }
    const told = `${prefix}${code}`
    if (code?.startsWith('ERR_DISKCACHE_')) this.#typed[told] = (this.#typed[told] ?? 0) + 1
    else if (this.#untyped.length < 3) this.#untyped.push(`${code ?? name}: ${message}`)
  }
}

/** What is written under a key. */
export function valueUnder(key: string, i: number): string {
  return key.padEnd(i % 5 === 0 ? 2 * MIN_FILE_SIZE : 100, '.')
}
