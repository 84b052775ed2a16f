import { setTimeout as delay } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { role } from '../../../../packages/cache/tests/processes/role.ts'

export interface LockHolderJob {
  /** The databases. */
  readonly files: readonly string[]
  /** For how long it holds their write locks, in milliseconds. */
  readonly duration: number
}

/** Holds the write locks of databases from its barrier on. */
role<LockHolderJob, void>(async ({ files, duration }, barrier) => {
  const databases = files.map((file) => new Database(file, { timeout: 5_000 }))
  await barrier()
  for (const database of databases) database.exec('BEGIN IMMEDIATE')
  await delay(duration)
  for (const database of databases) database.exec('ROLLBACK').close()
})
