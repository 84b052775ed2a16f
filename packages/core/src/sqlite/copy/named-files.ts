import type { Connection } from '../connection/connection.ts'
import { isValueFilename } from '../files/value-filename.ts'

const ROWS_PER_PAGE = 1_000

const HAS_INDEX = "SELECT 1 FROM sqlite_schema WHERE type = 'index' AND name = 'node_filename'"

/** Nothing but the index is read. */
const BY_INDEX = `
  SELECT filename FROM Cache INDEXED BY node_filename
  WHERE filename IS NOT NULL AND filename > ? ORDER BY filename LIMIT ${ROWS_PER_PAGE}`

/** Python's table has no such index. All its rows are gone through, so that no page takes long. */
const BY_ROW = `SELECT rowid, filename FROM Cache WHERE rowid > ? ORDER BY rowid LIMIT ${ROWS_PER_PAGE}`

const REMOVE = 'DELETE FROM Cache WHERE filename = ?'

/** Iterates over pages of the names of value files that the rows of a database have. Names of another form are left out. */
export function* namedFiles(connection: Connection): Generator<string[], void, undefined> {
  const names = connection.query(HAS_INDEX).get() === undefined ? byRow(connection) : byIndex(connection)
  for (const page of names) yield page.filter(isValueFilename)
}

/** Removes the rows that name these files, and returns their number. */
export function removeNamed(connection: Connection, filenames: readonly string[]): number {
  const remove = connection.query(REMOVE)
  return filenames.reduce((count, filename) => count + remove.run(filename), 0)
}

function* byIndex(connection: Connection): Generator<unknown[], void, undefined> {
  const query = connection.query<{ filename: string | Buffer }>(BY_INDEX)
  for (let last: string | Buffer = ''; ; ) {
    const names: (string | Buffer)[] = query.all(last).map(({ filename }) => filename)
    yield names
    const next = names.at(-1)
    if (next === undefined) return
    last = next
  }
}

function* byRow(connection: Connection): Generator<unknown[], void, undefined> {
  const query = connection.query<{ rowid: bigint; filename: unknown }>(BY_ROW)
  for (let last = -(2n ** 63n); ; ) {
    const rows = query.all(last)
    yield rows.map(({ filename }) => filename)
    const next = rows.at(-1)
    if (next === undefined) return
    last = next.rowid
  }
}
