import { Worker } from 'node:worker_threads'
import type { Engine } from './connection/engine.ts'
import {
  COUNTERS,
  type Counter,
  type CounterRow,
  complaintsOf,
  countersOf,
  INTEGRITY,
  type IntegrityRow,
} from './queries/consistency-queries.ts'

/** What SQLite says of a whole database, as of one moment. */
export interface DatabaseReport {
  /** What its own check complains of. */
  readonly complaints: readonly string[]
  /** The counters that triggers keep, beside what they should be. */
  readonly counters: readonly Counter[]
}

interface ThreadAnswer {
  readonly integrity: readonly IntegrityRow[]
  readonly counters: readonly CounterRow[]
}

/** The program of the thread. It is a text, so that no bundler has to find a file. */
const PROGRAM = `
  const { parentPort, workerData: { module, file, integrity, counters } } = require('node:worker_threads')
  const database = new (require(module))(file, { readonly: true, fileMustExist: true })
  database.exec('PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; BEGIN')
  const all = (sql) => database.prepare(sql).safeIntegers().all()
  parentPort.postMessage({ integrity: all(integrity), counters: all(counters) })
  database.close()
`

/** The thread that is at work, or was the last one: shards that are checked together take turns. */
let last: Promise<unknown> = Promise.resolve()

/**
 * Asks SQLite about a whole database in a thread, since it answers in one piece, and resolves to the answer; to
 * `undefined` where no thread can give one, for whatever reason: then the caller has to ask by itself. This process
 * must have the database open.
 */
export async function reportInThread({ module }: Engine, file: string): Promise<DatabaseReport | undefined> {
  if (module === undefined) return undefined
  const asked = last.then(() => answerOf({ module, file, integrity: INTEGRITY, counters: COUNTERS }))
  last = asked
  const answer = await asked
  return answer && { complaints: complaintsOf(answer.integrity), counters: countersOf(answer.counters) }
}

function answerOf(workerData: Readonly<Record<string, string>>): Promise<ThreadAnswer | undefined> {
  return new Promise((resolve) => {
    try {
      const worker = new Worker(PROGRAM, { eval: true, workerData, execArgv: [], stderr: true })
      worker.on('message', resolve)
      worker.on('error', () => resolve(undefined))
      worker.on('exit', () => resolve(undefined))
    } catch {
      // A process may be forbidden to have threads.
      resolve(undefined)
    }
  })
}
