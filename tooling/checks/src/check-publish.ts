/**
 * Checks each public package, packed, with publint and with "are the types wrong". Prints one line per check;
 * the exit code is 1 when any failed.
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { packPackages } from './packed-package.ts'
import { reportCheck } from './report-check.ts'
import { runCommand } from './run-command.ts'

const BIN = resolve(import.meta.dirname, '../node_modules/.bin')

/** Returns the number of checks that failed. */
export function checkPublish(root: string): number {
  const folder = mkdtempSync(join(tmpdir(), 'diskcache-publish-'))
  try {
    const outcomes = packPackages(root, folder).flatMap(({ name, tarball, moduleEntries }) => [
      reportCheck(`${name} publint`, () =>
        runCommand(join(BIN, 'publint'), ['run', tarball, '--strict'], folder),
      ),
      // The profile leaves out only "node10", the resolution that knows no export maps.
      reportCheck(`${name} attw`, () =>
        runCommand(join(BIN, 'attw'), [tarball, '--profile', 'node16', ...exceptions(moduleEntries)], folder),
      ),
    ])
    return outcomes.filter((passed) => !passed).length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function exceptions(moduleEntries: readonly string[]): string[] {
  return moduleEntries.length > 0 ? ['--ignore-rules', 'cjs-resolves-to-esm'] : []
}

if (import.meta.main) {
  process.exitCode = checkPublish(resolve(import.meta.dirname, '../../..')) > 0 ? 1 : 0
}
