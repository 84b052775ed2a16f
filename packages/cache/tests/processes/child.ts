import { type ChildProcess, spawn } from 'node:child_process'
import { platform } from 'node:process'
import { fileURLToPath } from 'node:url'
import { Worker } from 'node:worker_threads'
import type { ToChild, ToParent } from './role.ts'

export interface ChildOptions {
  /** Milliseconds after which it is killed, and its result rejected: nothing may hang. */
  readonly limit: number
  /** The command that starts Node, with `"$@"` for Node and its arguments: `ulimit -n 64; exec "$@"`. */
  readonly shell?: string
  /** Its own process group, all of which is killed with it. */
  readonly group?: boolean
}

interface Wire {
  send(message: ToChild): void
  kill(): void
}

/** How much of what a child prints goes into a report of its failure. */
const TAIL = 4_000

/** A process or a thread that runs a module with a {@link role}. */
export class Child<Result = unknown> {
  readonly name: string
  readonly result: Promise<Result>
  /** Resolves when it has ended, however it did. */
  readonly ended: Promise<void>
  #wire: Wire | undefined
  #settle!: { resolve(result: Result): void; reject(error: Error): void }
  #end!: () => void
  #errors = ''
  #output = ''
  #readyCount = 0
  #awaitReady: (() => void) | undefined
  readonly #timer: NodeJS.Timeout

  private constructor(name: string, { limit }: ChildOptions) {
    this.name = name
    this.result = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject }
    })
    // Who waits for several results sees only the first failure; the others must not count as unhandled.
    this.result.catch(() => {})
    this.ended = new Promise((resolve) => {
      this.#end = resolve
    })
    this.#timer = setTimeout(() => this.#fail(`did not finish within ${limit} ms`, true), limit)
  }

  static process<Result>(module: URL, job: unknown, options: ChildOptions): Child<Result> {
    const child = new Child<Result>(nameOf(module), options)
    const process = start(module, options)
    process.on('message', (message: ToParent) => child.#receive(message))
    process.stdout?.on('data', (data: Buffer) => {
      child.#output += data
    })
    process.stderr?.on('data', (data: Buffer) => {
      child.#errors = `${child.#errors}${data}`.slice(-TAIL)
    })
    process.on('error', (error) => child.#close(`cannot be started: ${error.message}`))
    process.on('close', (code, signal) => child.#close(`ended with ${signal ?? code}`))
    child.#begin(
      { send: (message) => process.send(message, () => {}), kill: () => kill(process, options) },
      job,
    )
    return child
  }

  static thread<Result>(module: URL, job: unknown, options: ChildOptions): Child<Result> {
    const child = new Child<Result>(nameOf(module), options)
    const thread = new Worker(module, { execArgv: [] })
    thread.on('message', (message: ToParent) => child.#receive(message))
    thread.on('error', (error) => child.#fail(`threw ${(error as Error).stack}`))
    thread.on('exit', (code) => child.#close(`ended with ${code}`))
    child.#begin({ send: (message) => thread.postMessage(message), kill: () => void thread.terminate() }, job)
    return child
  }

  /** What it has printed so far. */
  get output(): string {
    return this.#output
  }

  /** Resolves when it is at its barrier; a failure before that rejects. */
  async ready(): Promise<void> {
    if (this.#readyCount === 0) {
      const arrival = new Promise<void>((resolve) => {
        this.#awaitReady = resolve
      })
      await Promise.race([arrival, this.result])
    }
    this.#readyCount = 0
  }

  /** Lets it pass the barrier at that time, in epoch milliseconds. */
  go(time: number): void {
    this.#wire?.send({ go: time })
  }

  /** As `kill -9` does. */
  kill(): void {
    this.#wire?.kill()
  }

  #begin(wire: Wire, job: unknown): void {
    this.#wire = wire
    wire.send({ job })
  }

  #receive(message: ToParent): void {
    if ('result' in message) this.#settle.resolve(message.result as Result)
    else if ('error' in message) this.#fail(`failed: ${message.error}`)
    else {
      this.#readyCount++
      this.#awaitReady?.()
    }
  }

  #fail(reason: string, kills = false): void {
    if (kills) this.kill()
    this.#settle.reject(
      new Error(`${this.name} ${reason}${this.#errors === '' ? '' : `\nstderr: ${this.#errors}`}`),
    )
  }

  #close(reason: string): void {
    clearTimeout(this.#timer)
    this.#fail(reason)
    this.#end()
  }
}

/** Lets all of them pass their barriers at the same moment. */
export async function meet(children: readonly Child[]): Promise<void> {
  await Promise.all(children.map((child) => child.ready()))
  const soon = Date.now() + 5
  for (const child of children) child.go(soon)
}

/** All their results, or the first failure; in any case none of them is left. */
export async function results<Result>(children: readonly Child<Result>[]): Promise<Result[]> {
  try {
    return await Promise.all(children.map(({ result }) => result))
  } catch (error) {
    for (const child of children) child.kill()
    throw error
  } finally {
    await Promise.all(children.map(({ ended }) => ended))
  }
}

function start(module: URL, { shell, group = false }: ChildOptions) {
  const command = [process.execPath, fileURLToPath(module)]
  const [file = '', ...args] = shell === undefined ? command : ['bash', '-c', shell, 'bash', ...command]
  return spawn(file, args, {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    serialization: 'advanced',
    detached: group,
    // A test runner's settings for Node are not meant for its children.
    env: { ...process.env, NODE_OPTIONS: '' },
  }) as ChildProcess & { send: NonNullable<ChildProcess['send']> }
}

function kill(process: ChildProcess, { group = false }: ChildOptions): void {
  // Windows has no groups of processes.
  if (!group || process.pid === undefined || platform === 'win32') process.kill('SIGKILL')
  else killGroup(process.pid)
}

function killGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch {
    // All of them have ended.
  }
}

function nameOf(module: URL): string {
  return module.pathname.split('/').at(-1) ?? ''
}
