import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process that runs a program of ours until it is told to end. It says `ready` once it is where it should be. */
export class Child implements AsyncDisposable {
  readonly #process: ChildProcess

  private constructor(process: ChildProcess) {
    this.#process = process
  }

  /** Starts a program, in modules, with parameters. */
  static async start(program: string, ...parameters: string[]): Promise<Child> {
    const options = ['--input-type=module', '-e', program, ...parameters]
    const child = spawn(process.execPath, options, {
      stdio: ['ignore', 'pipe', 'inherit'],
      cwd: import.meta.dirname,
    })
    const ended = once(child, 'exit').then(() => {
      throw new Error('The program has ended')
    })
    await Promise.race([once(child.stdout, 'data'), ended])
    ended.catch(() => {})
    return new Child(child)
  }

  get pid(): number {
    return this.#process.pid as number
  }

  /** Ends it at once, as `kill -9` does. */
  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null || this.#process.signalCode !== null) return
    const ended = once(this.#process, 'exit')
    this.#process.kill('SIGKILL')
    await ended
  }
}

const FOREVER = `console.log('ready'); setInterval(() => {}, 1_000)`

/** Opens a cache, writes an entry, and does nothing more. */
export const OPENER = `
  import { Cache } from '@diskcache/cache'
  const cache = new Cache(process.argv[1])
  cache.set('key', 'value')
  ${FOREVER}`

/** Holds the lock of who writes. */
export const WRITER = `
  import { Cache } from '@diskcache/cache'
  new Cache(process.argv[1]).transact(() => {
    console.log('ready')
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 60_000)
  })`

/** Keeps a snapshot, by better-sqlite3 alone. */
export const READER = `
  import { createRequire } from 'node:module'
  const Database = createRequire(import.meta.url)(process.argv[2])
  const database = new Database(process.argv[1] + '/cache.db', { readonly: true })
  database.exec('BEGIN')
  database.prepare('SELECT COUNT(*) FROM Cache').get()
  ${FOREVER}`
