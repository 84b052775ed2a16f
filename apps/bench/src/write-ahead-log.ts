import { statSync } from 'node:fs'
import Database from 'better-sqlite3'

const LOG_HEADER = 32
const FRAME_HEADER = 24

/** Well below 1,000 frames, where SQLite checkpoints by itself and then writes the log from its beginning again. */
const MOST_FRAMES = 500
const MOST_CALLS = 100

/** How many pages a call writes: each one that a commit changed becomes a frame of the write-ahead log. */
export async function framesPerCall(file: string, call: () => unknown): Promise<number> {
  const pageSize = emptyLog(file)
  let calls = 0
  let frames = 0
  while (calls < MOST_CALLS && frames < MOST_FRAMES) {
    await call()
    calls++
    frames = framesIn(`${file}-wal`, pageSize)
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
