import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const PYTHON = process.env.DISKCACHE_PYTHON ?? '/usr/bin/python3'

const PROGRAM = fileURLToPath(new URL('./claims.py', import.meta.url))

/** What is asked of Python: what pieces of code give, and the members of classes. */
export interface Question {
  readonly claims: readonly string[]
  readonly classes: readonly string[]
}

export interface Answer {
  /** For each piece of code the `repr` of its last expression, or the name of the exception. */
  readonly results: readonly string[]
  readonly members: Readonly<Record<string, readonly string[]>>
  readonly exports: readonly string[]
  readonly settings: readonly string[]
}

/** Returns why there is no Python with diskcache here, or `undefined` when there is. */
export function missingPython(): string | undefined {
  const { error, status, stderr } = spawnSync(PYTHON, ['-c', 'import diskcache'], { encoding: 'utf8' })
  if (error !== undefined) return `${PYTHON} cannot be run`
  return status === 0 ? undefined : `${PYTHON}: ${stderr.trim().split('\n').at(-1)}`
}

/** Returns what Python answers. */
export function askPython(question: Question): Answer {
  const env = { ...process.env, PYTHONIOENCODING: 'utf-8' }
  const { stdout, stderr } = spawnSync(PYTHON, [PROGRAM], {
    input: JSON.stringify(question),
    encoding: 'utf8',
    env,
  })
  if (stdout === '') throw new Error(`Python has failed: ${stderr}`)
  return JSON.parse(stdout) as Answer
}
