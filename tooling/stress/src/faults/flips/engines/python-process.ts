import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import type { TemplateEntry, TemplateValue } from '../template-entries.ts'
import type { Phase } from './flip-engine.ts'

const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'
const PROGRAM = fileURLToPath(new URL('./python-engine.py', import.meta.url))

/** What Python has seen of one operation: what it gave, or how it failed. */
export interface Seen {
  readonly how: string
  readonly key: unknown
  readonly value?: unknown
  readonly error?: string
  readonly typed?: boolean
}

/** A Python process that uses directories; it answers in the order in which it is asked. */
export class PythonProcess {
  readonly #process: ChildProcessWithoutNullStreams
  readonly #pending: { resolve(answer: unknown): void; reject(error: Error): void }[] = []
  #errors = ''

  constructor() {
    this.#process = spawn(PYTHON, [PROGRAM], { env: { ...process.env, PYTHONIOENCODING: 'utf-8' } })
    this.#process.stdin.on('error', () => {})
    this.#process.stderr.on('data', (data: Buffer) => {
      this.#errors += data
    })
    createInterface(this.#process.stdout).on('line', (line) =>
      this.#pending.shift()?.resolve(JSON.parse(line)),
    )
    this.#process.on('close', (code, signal) => {
      const error = new Error(`Python ended with ${signal ?? code}: ${this.#errors}`)
      for (const { reject } of this.#pending.splice(0)) reject(error)
    })
  }

  send(command: string, ...args: unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      this.#pending.push({ resolve, reject })
      this.#process.stdin.write(`${JSON.stringify([command, args])}\n`)
    })
  }

  /** Resolves when the process has ended, which it does after its last command. */
  async end(): Promise<void> {
    this.#process.stdin.end()
    if (this.#process.exitCode === null && this.#process.signalCode === null)
      await new Promise((resolve) => this.#process.once('close', resolve))
  }
}

/** Lets a Python process write one version of the entries, and be killed. */
export async function writeInPython(
  directory: string,
  entries: readonly TemplateEntry[],
  phase: Phase,
): Promise<void> {
  const python = new PythonProcess()
  const changes = entries
    .filter(({ versions }) => phase < versions.length && (phase === 1 || versions[0] !== undefined))
    .map(({ key, versions }) => [key, encode(versions[phase])])
  const end = await python.send('write', directory, changes).catch((error: Error) => error.message)
  if (!String(end).includes('SIGKILL')) throw new Error(String(end))
}

export function encode(value: TemplateValue | undefined): unknown {
  if (value instanceof Uint8Array) return { bytes: Buffer.from(value).toString('base64') }
  return typeof value === 'object' ? { json: JSON.stringify(value) } : (value ?? null)
}

export function decode(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value ?? undefined
  const { bytes, json } = value as { bytes?: string; json?: string }
  return bytes === undefined ? JSON.parse(json ?? 'null') : new Uint8Array(Buffer.from(bytes, 'base64'))
}
