import { type ChildProcessWithoutNullStreams, spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

export const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'

const PROGRAM = fileURLToPath(new URL('./peer.py', import.meta.url))

/** A Python expression in place of a value; `i` counts the calls of `repeat`. */
export class Source {
  readonly source: string

  constructor(source: string) {
    this.source = source
  }
}

export type PythonValue = string | number | bigint | boolean | null | Uint8Array | PythonValue[]
type Argument = PythonValue | Source
type Named = Record<string, Argument | undefined>

/** Why there is no Python with diskcache here; `undefined` when there is. */
export function missingPython(): string | undefined {
  const { error, status, stderr } = spawnSync(PYTHON, ['-c', 'import diskcache'], { encoding: 'utf8' })
  if (error !== undefined) return `${PYTHON} cannot be run`
  return status === 0 ? undefined : `${PYTHON}: ${stderr.trim().split('\n').at(-1)}`
}

/** A Python process that works on caches. */
export class PythonPeer {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #pending: { resolve(result: unknown): void; reject(error: Error): void }[] = []
  #errors = ''
  #failure: Error | undefined

  constructor() {
    this.#process = spawn(PYTHON, [PROGRAM], { env: { ...process.env, PYTHONIOENCODING: 'utf-8' } })
    this.#process.on('error', (error) => this.#fail(error.message))
    this.#process.on('close', (code, signal) => this.#fail(`Python ended with ${signal ?? code}`))
    this.#process.stdin.on('error', () => {})
    this.#process.stderr.on('data', (data: Buffer) => {
      this.#errors += data
    })
    createInterface(this.#process.stdout).on('line', (line) => this.#receive(JSON.parse(line)))
  }

  async open(directory: string, options: Named = {}, disk = 'Disk'): Promise<PythonCache> {
    return new PythonCache(this, (await this.send('open', directory, disk, encodeNamed(options))) as number)
  }

  /** The `repr` of a Python expression. */
  async show(source: string): Promise<string> {
    return (await this.send('show_source', source)) as string
  }

  /** Rejects with what Python raised. */
  send(command: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#pending.push({ resolve, reject })
      this.#process.stdin.write(`${JSON.stringify([command, args])}\n`)
    })
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL')
  }

  #receive(answer: { result: unknown } | { error: string }): void {
    const call = this.#pending.shift()
    if ('error' in answer) call?.reject(new Error(answer.error))
    else call?.resolve(answer.result)
  }

  #fail(reason: string): void {
    this.#failure ??= new Error(`${reason}\n${this.#errors}`)
    for (const { reject } of this.#pending.splice(0)) reject(this.#failure)
  }
}

/** A cache that is open in Python. Durations are in seconds, as there. */
export class PythonCache {
  readonly #peer: PythonPeer
  readonly #number: number

  constructor(peer: PythonPeer, number: number) {
    this.#peer = peer
    this.#number = number
  }

  get(key: Argument): Promise<PythonValue> {
    return this.call('get', [key])
  }

  /** The value, its expiry in seconds since the epoch, and its tag. */
  getEntry(key: Argument): Promise<[PythonValue, number | null, PythonValue]> {
    return this.call('get', [key], { expire_time: true, tag: true })
  }

  /** The `repr` of a value, which also tells its type. */
  async show(key: Argument): Promise<string> {
    return (await this.#peer.send('show', this.#number, encode(key))) as string
  }

  set(key: Argument, value: Argument, options: Named = {}): Promise<boolean> {
    return this.call('set', [key, value], options)
  }

  has(key: Argument): Promise<boolean> {
    return this.call('__contains__', [key])
  }

  push(value: Argument, options: Named = {}): Promise<PythonValue> {
    return this.call('push', [value], options)
  }

  pull(options: Named = {}): Promise<[key: PythonValue, value: PythonValue]> {
    return this.call('pull', [], options)
  }

  keys(): Promise<PythonValue[]> {
    return this.call('__iter__')
  }

  count(): Promise<number> {
    return this.call('__len__')
  }

  /** The warnings, none for a sound cache. */
  check(): Promise<string[]> {
    return this.call('check')
  }

  rows(sql: string): Promise<PythonValue[][]> {
    return this.call('_sql', [sql])
  }

  /** Any method, or attribute. */
  call<Result extends PythonValue>(
    member: string,
    args: Argument[] = [],
    named: Named = {},
  ): Promise<Result> {
    return this.repeat(1, member, args, named)
  }

  /** Calls a method so many times, and gives the last result. */
  async repeat<Result extends PythonValue>(
    times: number,
    member: string,
    args: Argument[] = [],
    named: Named = {},
  ): Promise<Result> {
    const encoded = [this.#number, member, args.map(encode), encodeNamed(named), times]
    return decode(await this.#peer.send('call', ...encoded)) as Result
  }

  close(): Promise<null> {
    return this.call('close')
  }
}

function encodeNamed(named: Named): object {
  const given = Object.entries(named).filter((entry): entry is [string, Argument] => entry[1] !== undefined)
  return Object.fromEntries(given.map(([name, value]) => [name, encode(value)]))
}

function encode(value: Argument): unknown {
  if (value instanceof Source) return { source: value.source }
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  if (Array.isArray(value)) return value.map(encode)
  if (typeof value === 'bigint' || Number.isInteger(value)) return { int: BigInt(value as number).toString() }
  if (typeof value !== 'number') return value
  const double = Buffer.alloc(8)
  double.writeDoubleBE(value)
  return { float: double.toString('base64') }
}

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const { int, float, bytes } = value as { int?: string; float?: string; bytes?: string }
  if (int !== undefined) return Number.isSafeInteger(Number(int)) ? Number(int) : BigInt(int)
  if (float !== undefined) return Buffer.from(float, 'base64').readDoubleBE()
  return bytes === undefined ? value : Buffer.from(bytes, 'base64')
}
