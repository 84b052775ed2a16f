import { ok } from 'node:assert'
import { type ChildProcess, spawn } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { Child } from '../../../../packages/cache/tests/processes/child.ts'
import { PYTHON } from '../../../../packages/cache/tests/python/peer.ts'
import { KEY_COUNT, type LoggedWrite, readLog, TAG_COUNT, WRITES_PER_SECOND } from './history-log.ts'
import type { SharedStoreJob } from './open-shared-store.ts'
import type { WriterJob } from './writer.ts'

/** Who writes: Node, Node that is killed every second and starts again, or Python. */
export type WriterKind = 'Node' | 'killed' | 'Python'

export const WRITERS: Record<WriterKind, (writers: Writers, duration: number) => Promise<void>> = {
  Node: (writers, duration) => writers.node(duration),
  killed: async (writers, duration) => {
    for (let left = duration; left > 0; left -= KILLED_AFTER) await writers.kill(KILLED_AFTER)
  },
  Python: (writers, duration) => writers.python(duration),
}

const WRITER = new URL('./writer.ts', import.meta.url)
const PYTHON_WRITER = fileURLToPath(new URL('./history_writer.py', import.meta.url))

/** Milliseconds. */
const KILLED_AFTER = 1_000
const LIMIT = 120_000

/** More than one writer can write before its end. */
const SEQUENCES = 1_000_000

/** Processes that write to a store, one at a time, and what they have logged. */
export class Writers {
  readonly #store: SharedStoreJob
  readonly #seed: number
  readonly #folder: string
  #count = 0

  /** Takes the folder for the logs. */
  constructor(store: SharedStoreJob, seed: number, folder: string) {
    this.#store = store
    this.#seed = seed
    this.#folder = folder
  }

  /** What all of them wrote, in their order. */
  get writes(): LoggedWrite[] {
    return Array.from({ length: this.#count }, (_, i) => readLog(this.#job(i).log)).flat()
  }

  /** Lets a process write for so many milliseconds. */
  async node(duration: number): Promise<void> {
    const job = this.#job(this.#count++)
    const child = Child.process(WRITER, job, { limit: LIMIT })
    await this.#start(child)
    await Promise.race([setTimeout(duration), child.ended])
    writeFileSync(job.stop, '')
    await child.result
    await child.ended
  }

  /** Lets a process write for so many milliseconds, and kills it. */
  async kill(duration: number): Promise<void> {
    const child = Child.process(WRITER, this.#job(this.#count++), { limit: LIMIT })
    await this.#start(child)
    await Promise.race([setTimeout(duration), child.ended])
    child.kill()
    const reason = await child.result.catch((error: Error) => error.message)
    ok(String(reason).includes('SIGKILL'), String(reason))
    await child.ended
  }

  /** Lets a Python process write for so many milliseconds. */
  async python(duration: number): Promise<void> {
    const job = this.#job(this.#count++)
    const { directory } = this.#store
    const numbers = { keys: KEY_COUNT, tags: TAG_COUNT, writes: WRITES_PER_SECOND }
    const child = spawn(PYTHON, [PYTHON_WRITER, JSON.stringify({ ...job, ...numbers, directory })], {
      stdio: ['ignore', 'ignore', 'pipe'],
      timeout: LIMIT,
    })
    const ended = endOf(child)
    await Promise.race([setTimeout(duration), ended])
    writeFileSync(job.stop, '')
    await ended
  }

  async #start(child: Child): Promise<void> {
    await child.ready()
    child.go(Date.now())
  }

  #job(i: number): WriterJob {
    return {
      store: this.#store,
      seed: this.#seed,
      first: 1 + i * SEQUENCES,
      log: join(this.#folder, `writer-${i}.log`),
      stop: join(this.#folder, `stop-${i}`),
    }
  }
}

/** Resolves when a process has ended well, and rejects with what it complained of otherwise. */
async function endOf(child: ChildProcess): Promise<void> {
  let errors = ''
  child.stderr?.on('data', (data: Buffer) => {
    errors += data
  })
  const code = await new Promise((resolve, reject) => child.on('error', reject).on('close', resolve))
  ok(code === 0, `Python ended with ${code}\n${errors}`)
}
