import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import Database from 'better-sqlite3'
import type { Engine } from './engine.ts'

/** The engine of this package's own tests. */
export const TEST_ENGINE: Engine = {
  Database: Database as unknown as Engine['Database'],
  copy: dirname(fileURLToPath(import.meta.resolve('better-sqlite3/package.json'))),
}
