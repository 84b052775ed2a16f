import { createRequire } from 'node:module'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import type fc from 'fast-check'
import { BETTER_SQLITE3, type RawDatabase } from '../hostile/raw-database.ts'

const Database: new (file: string) => RawDatabase = createRequire(import.meta.url)(BETTER_SQLITE3)

/** Takes and frees the write lock, so often and when the scheduler says so, as another process would. */
export async function lockTask(directory: string, times: number, scheduler: fc.Scheduler): Promise<void> {
  const database = new Database(join(directory, 'cache.db'))
  try {
    for (let i = 0; i < times; i++) {
      await scheduler.schedule(Promise.resolve(), 'take the lock')
      database.exec('BEGIN IMMEDIATE')
      await setTimeout(1)
      await scheduler.schedule(Promise.resolve(), 'free the lock')
      database.exec('COMMIT')
    }
  } finally {
    database.close()
  }
}
