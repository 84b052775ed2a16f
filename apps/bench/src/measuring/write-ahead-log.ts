import { statSync } from 'node:fs'
import Database from 'better-sqlite3'
import type { CallOptions } from './contender.ts'

const LOG_HEADER = 32
const FRAME_HEADER = 24

/** Well below 1,000 frames, where SQLite checkpoints by itself and then writes the log from its beginning again. */
const MOST_FRAMES = 500
const MOST_CALLS = 100

/** Gives the pages that a call writes, each of which becomes a frame of the write-ahead log; 0: it is not known. */
export async function framesPerCall({ call, prepare, database }: CallOptions): Promise<number> {
  if (database === undefined) return 0
  await prepare?.()
  const pageSize = emptyLog(database)
  let [calls, frames] = [0, 0]
  while (calls < MOST_CALLS && frames < MOST_FRAMES) {
    await call()
    calls++
    frames = framesIn(`${database}-wal`, pageSize)
  }
  return frames / calls
}

/** Through a connection of its own. Gives the page size. */
function emptyLog(file: string): number {
  const database = new Database(file, { fileMustExist: true })
  try {
    const busy = database.pragma('wal_checkpoint(TRUNCATE)', { simple: true })
    if (busy !== 0) throw new Error(`Cannot count the frames of ${file}: its log is in use`)
    return Number(database.pragma('page_size', { simple: true }))
  } finally {
    database.close()
  }
}

/** Only by its size: to open a database's files beside SQLite would drop the locks of this process on them. */
function framesIn(log: string, pageSize: number): number {
  return Math.max(0, statSync(log).size - LOG_HEADER) / (pageSize + FRAME_HEADER)
}
