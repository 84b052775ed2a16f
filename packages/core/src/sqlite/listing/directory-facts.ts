import type { Connection } from '../connection/connection.ts'
import { PYTHON_ROW } from '../schema/settings.ts'

/** What a database says of itself. */
export interface DirectoryFacts {
  /** The version of its format; 0 for one that Python made. */
  readonly format: number
  /** The bytes of its pages. */
  readonly databaseBytes: number
  /** Whether Python has opened the directory. */
  readonly isPythons: boolean
}

const FACTS = `
  SELECT
    (SELECT user_version FROM pragma_user_version) AS format,
    (SELECT page_count FROM pragma_page_count) * (SELECT page_size FROM pragma_page_size) AS databaseBytes,
    EXISTS (SELECT 1 FROM Settings WHERE key = '${PYTHON_ROW}') AS isPythons`

/** Returns what the database of a connection says of itself. */
export function directoryFacts(connection: Connection): DirectoryFacts {
  const row = connection.query<Record<keyof DirectoryFacts, bigint>>(FACTS).get()
  return {
    format: Number(row?.format),
    databaseBytes: Number(row?.databaseBytes),
    isPythons: row?.isPythons === 1n,
  }
}
