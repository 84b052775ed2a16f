import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Where SQL stands; everything else asks by methods. */
const HOME = 'packages/core/src/sqlite/'

/** SQL at the beginning of a text, in the forms that this project would write. */
const SQL =
  /['"`]\s*(?:SELECT\s|INSERT\s|UPDATE \w+ SET|DELETE FROM|PRAGMA\s|BEGIN\b|CREATE (?:TABLE|INDEX|TRIGGER)|ALTER TABLE|DROP (?:TABLE|INDEX|TRIGGER))/

/** Lines with SQL outside `core/sqlite`, each as `path:line: message`. */
export function straySql(root: string): string[] {
  return globSync('packages/*/src/**/*.{ts,tsx}', { cwd: root })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => !path.startsWith(HOME) && !path.endsWith('.test.ts'))
    .flatMap((path) =>
      readFileSync(join(root, path), 'utf8')
        .split('\n')
        .flatMap((line, at) => (SQL.test(line) ? [`${path}:${at + 1}: has SQL; it belongs to ${HOME}`] : [])),
    )
}
