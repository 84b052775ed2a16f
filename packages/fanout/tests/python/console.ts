import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'

const PROGRAM = fileURLToPath(new URL('./console.py', import.meta.url))

/** A Python process with `Cache`, `Deque`, `FanoutCache` and `Index`, which keeps its variables from line to line. */
export class PythonConsole implements Disposable {
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

  /** Runs statements. Rejects with what Python raised. */
  async run(...lines: readonly string[]): Promise<void> {
    await this.#send('run', lines.join('\n'))
  }

  /** The value of an expression: an integer is a number if it is a safe one, bytes are a Buffer, a tuple is an array. */
  async evaluate(expression: string): Promise<unknown> {
    return decode(await this.#send('evaluate', expression))
  }

  [Symbol.dispose](): void {
    this.#process.kill('SIGKILL')
  }

  #send(command: string, code: string): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (this.#failure !== undefined) return reject(this.#failure)
      this.#pending.push({ resolve, reject })
      this.#process.stdin.write(`${JSON.stringify([command, code])}\n`)
    })
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

function decode(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(decode)
  if (typeof value !== 'object' || value === null) return value
  const { int, bytes } = value as { int?: string; bytes?: string }
  if (bytes !== undefined) return Buffer.from(bytes, 'base64')
  return Number.isSafeInteger(Number(int)) ? Number(int) : BigInt(int as string)
}
