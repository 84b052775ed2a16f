import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { EVERYTHING, type Exercise, type Outcome } from './exercise.ts'
import type { Answer } from './exerciser-child.ts'

const CHILD = fileURLToPath(new URL('./exerciser-child.ts', import.meta.url))

/** A process that opens hostile directories and works on them, so that it may hang or crash. */
export class Exerciser {
  readonly #limit: number
  #process: ChildProcess | undefined
  #memory = 0

  /** `limit`: how long an exercise may take, in milliseconds, before the process is killed. */
  constructor(limit = 15_000) {
    this.#limit = limit
  }

  /** The most memory that the process ever had, in bytes. */
  get memory(): number {
    return this.#memory
  }

  /** Rejects when the process hangs or ends; the next exercise then has a new one. */
  async run(directory: string, exercise: Partial<Exercise> = {}): Promise<Outcome[]> {
    this.#process ??= fork(CHILD, { stdio: ['ignore', 'ignore', 'pipe', 'ipc'], serialization: 'advanced' })
    const child = this.#process
    try {
      const { outcomes, memory } = await answerOf(
        child,
        { directory, operations: EVERYTHING, ...exercise },
        this.#limit,
      )
      this.#memory = memory
      return outcomes
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  [Symbol.dispose](): void {
    this.#process?.kill('SIGKILL')
    this.#process = undefined
  }
}

function answerOf(child: ChildProcess, job: Exercise, limit: number): Promise<Answer> {
  return new Promise((resolve, reject) => {
    let errors = ''
    const fail = (reason: string) =>
      finish(() => reject(new Error(`${reason} at ${errors.trim().split('\n').slice(-20).join('\n')}`)))
    const timer = setTimeout(() => fail(`The process hangs (${limit} ms)`), limit)
    const onData = (data: Buffer) => {
      errors += data
    }
    const onMessage = (answer: unknown) => finish(() => resolve(answer as Answer))
    const onClose = (code: number | null, signal: string | null) =>
      fail(`The process ended with ${signal ?? code}`)
    const finish = (settle: () => void) => {
      clearTimeout(timer)
      child.stderr?.off('data', onData)
      child.off('message', onMessage).off('close', onClose)
      settle()
    }
    child.stderr?.on('data', onData)
    child.on('message', onMessage).on('close', onClose)
    child.send(job)
  })
}
