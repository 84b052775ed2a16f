/**
 * Checks each public package, packed, with publint and with "are the types wrong", what its manifest tells its users, and
 * the licences of what is bundled. Prints one line per check; the exit code is 1 when any failed.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { missingFields } from './missing-fields.ts'
import { type PackedPackage, packPackages } from './packed-package.ts'
import type { Manifest } from './public-packages.ts'
import { reportCheck } from './report-check.ts'
import { runCommand } from './run-command.ts'

const BIN = resolve(import.meta.dirname, '../node_modules/.bin')
const LICENSES = 'THIRD-PARTY-LICENSES.md'
/** What packages have in their own files. */
const BUNDLED = { core: 'msgpackr', cli: 'preact' } as const

/** Returns the number of checks that failed. */
export async function checkPublish(root: string): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'diskcache-publish-'))
  try {
    const packages = await packPackages(root, folder)
    const outcomes: boolean[] = []
    for (const packed of packages) outcomes.push(...(await checkPackage(packed, folder)))
    for (const [owner, bundled] of Object.entries(BUNDLED)) {
      const check = () => checkLicense(root, packages, { owner, bundled })
      outcomes.push(await reportCheck(`${owner} has the licence of ${bundled}`, check))
    }
    return outcomes.filter((passed) => !passed).length
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function checkPackage(
  { name, tarball, manifest, moduleEntries }: PackedPackage,
  folder: string,
): Promise<boolean[]> {
  return [
    await reportCheck(`${name} manifest`, () => checkFields(manifest)),
    await reportCheck(`${name} publint`, () =>
      runCommand(join(BIN, 'publint'), ['run', tarball, '--strict'], folder),
    ),
    await reportCheck(`${name} attw`, () =>
      runCommand(join(BIN, 'attw'), [tarball, '--profile', 'strict', ...exceptions(moduleEntries)], folder),
    ),
  ]
}

/** What runs inside Vitest is for ES modules alone. */
function exceptions(moduleEntries: readonly string[]): string[] {
  return moduleEntries.length > 0 ? ['--ignore-rules', 'cjs-resolves-to-esm'] : []
}

function checkFields(manifest: Manifest): void {
  const missing = missingFields(manifest)
  if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`)
}

function checkLicense(
  root: string,
  packages: readonly PackedPackage[],
  { owner, bundled }: { owner: string; bundled: string },
): void {
  const folder = join(root, 'packages', owner)
  const text = readFileSync(join(folder, 'node_modules', bundled, 'LICENSE'), 'utf8').trim()
  if (!readFileSync(join(folder, LICENSES), 'utf8').includes(text)) {
    throw new Error(`${LICENSES} has not the text that is installed`)
  }
  const packed = packages.find(({ name }) => name === `@diskcache/${owner}`)
  if (!packed?.files.includes(LICENSES)) throw new Error(`${LICENSES} is not packed`)
}

if (import.meta.main) {
  process.exitCode = (await checkPublish(resolve(import.meta.dirname, '../../..'))) > 0 ? 1 : 0
}
