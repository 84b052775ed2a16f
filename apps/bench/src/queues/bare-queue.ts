import Database from 'better-sqlite3'

const SCHEMA = 'CREATE TABLE IF NOT EXISTS queue (id INTEGER PRIMARY KEY, value)'

const PUSH = 'INSERT INTO queue (value) VALUES (?)'

const PULL = 'DELETE FROM queue WHERE id = (SELECT MIN(id) FROM queue) RETURNING value'

/** Longer than any other process has the lock. */
const PATIENCE = 60_000

/** The least that a queue in SQLite can do, with the journal and durability of the cache. */
export class BareQueue implements Disposable {
  readonly file: string
  readonly #database: Database.Database
  readonly #push: Database.Statement<[string]>
  readonly #pull: Database.Statement<[], string>

  constructor(file: string) {
    this.file = file
    this.#database = new Database(file, { timeout: PATIENCE })
    this.#database.pragma('journal_mode = WAL')
    this.#database.pragma('synchronous = NORMAL')
    this.#database.exec(SCHEMA)
    this.#push = this.#database.prepare(PUSH)
    this.#pull = this.#database.prepare<[], string>(PULL).pluck()
  }

  push(value: string): void {
    this.#push.run(value)
  }

  /** Reads all rows that there are, which is one: a statement that writes is to be run to its end. */
  pull(): string | undefined {
    return this.#pull.all()[0]
  }

  [Symbol.dispose](): void {
    this.#database.close()
  }
}
