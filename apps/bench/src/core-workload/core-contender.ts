import { join } from 'node:path'
import { PYTHON } from '../peers/python-diskcache.ts'

/** A store that does the core workload, in as many processes as wanted. */
export interface CoreContender {
  readonly name: string
  /** Starts a worker, which gets its settings as one more argument. */
  readonly command: readonly [string, string]
  readonly shards: number | null
  readonly timeout: number
  /** Each process has a store of its own, so that none waits for another's lock. */
  readonly isApart?: boolean
  /** Whose figures this one's are divided by. */
  readonly yardstick?: CoreContender
}

const NODE = [process.execPath, join(import.meta.dirname, 'node-worker.ts')] as const

const PYTHON_WORKER = [PYTHON, join(import.meta.dirname, 'python_worker.py')] as const

/** The default of python-diskcache. With less, a slow moment of the machine would end the run. */
const PATIENCE = 60_000

const cache: CoreContender = { name: 'Cache', command: NODE, shards: null, timeout: PATIENCE }
const fanout4: CoreContender = {
  name: 'FanoutCache, 4 shards, 1 s',
  command: NODE,
  shards: 4,
  timeout: 1_000,
  yardstick: cache,
}
const fanout8: CoreContender = {
  name: 'FanoutCache, 8 shards, 10 ms',
  command: NODE,
  shards: 8,
  timeout: 10,
  yardstick: cache,
}

/** What is left when nothing is shared: with more processes than cores, mostly the wait for a core. */
const apart: CoreContender = { ...cache, name: 'Cache, one a process', isApart: true, yardstick: cache }

const OURS: readonly CoreContender[] = [cache, fanout4, fanout8]

/** The same three in Python, each measured by ours. */
const PYTHONS: readonly CoreContender[] = OURS.map((ours) => ({
  ...ours,
  name: `Python's ${ours.name}`,
  command: PYTHON_WORKER,
  yardstick: ours,
}))

/** A yardstick comes before what is measured by it. */
export function coreContenders(processes: number, { python }: { python: boolean }): CoreContender[] {
  return [...OURS, ...(processes > 1 ? [apart] : []), ...(python ? PYTHONS : [])]
}
