import { join } from 'node:path'
import Database from 'better-sqlite3'
import { type TemplateKey, type TemplateValue, templateEntries } from '../template-entries.ts'
import type { Face } from '../ways-to-read.ts'
import { writeAgain } from '../write-again.ts'
import type { FlipEngine } from './flip-engine.ts'

/** A table of keys and values in bare better-sqlite3, as one writes it in an afternoon: the yardstick, and proof that the judge can find something. */
class Table {
  readonly #database: Database.Database

  constructor(directory: string) {
    this.#database = new Database(join(directory, 'cache.db'))
    this.#database.pragma('journal_mode = WAL')
    this.#database.exec('CREATE TABLE IF NOT EXISTS entries (key PRIMARY KEY, value) WITHOUT ROWID')
  }

  get(key: TemplateKey): unknown {
    return decode(this.#database.prepare('SELECT value FROM entries WHERE key = ?').pluck().get(key))
  }

  set(key: TemplateKey, value: unknown): boolean {
    const statement = this.#database.prepare('INSERT OR REPLACE INTO entries VALUES (?, ?)')
    return statement.run(key, encode(value as TemplateValue)).changes === 1
  }

  delete(key: TemplateKey): void {
    this.#database.prepare('DELETE FROM entries WHERE key = ?').run(key)
  }

  entries(): [unknown, unknown][] {
    const rows = this.#database.prepare('SELECT key, value FROM entries').raw().all() as [unknown, unknown][]
    return rows.map(([key, value]) => [key, decode(value)])
  }

  close(): void {
    this.#database.close()
  }
}

const ENTRIES = templateEntries({ queues: false })

export const sqliteEngine: FlipEngine = {
  layouts: ['table'],
  entries: () => ENTRIES,
  async write(_layout, directory, phase) {
    const table = new Table(directory)
    for (const { key, versions } of this.entries('table')) {
      const value = versions[phase]
      if (phase < versions.length && value !== undefined) table.set(key, value)
      else if (phase === 1 && versions.length === 2) table.delete(key)
    }
  },
  async tidy(_layout, directory) {
    new Table(directory).close()
  },
  isTyped: (error) => error instanceof Database.SqliteError,
  async judge(_layout, directory, random, findings) {
    const entries = this.entries('table')
    const attempt = (how: string, act: () => void) => {
      try {
        act()
      } catch (error) {
        findings.failed(how, error)
      }
    }
    let table: Table | undefined
    attempt('open', () => {
      table = new Table(directory)
    })
    if (table === undefined) return findings.refused('it cannot be opened')
    const opened = table
    for (const { key } of entries) attempt('get', () => findings.observe('get', key, opened.get(key)))
    attempt('entries', () => {
      for (const [key, value] of opened.entries()) {
        findings.observeKey('entries', key)
        findings.observe('entries', key, value)
      }
    })
    await writeAgain(opened as unknown as Face, entries, random, findings)
    attempt('close', () => opened.close())
  },
}

function encode(value: TemplateValue): string | number | Uint8Array {
  return typeof value === 'object' && !(value instanceof Uint8Array) ? `json:${JSON.stringify(value)}` : value
}

function decode(value: unknown): unknown {
  return typeof value === 'string' && value.startsWith('json:')
    ? JSON.parse(value.slice(5))
    : (value ?? undefined)
}
