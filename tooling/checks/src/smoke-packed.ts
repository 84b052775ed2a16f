/**
 * Installs the packed packages in an empty project, as a user would, and uses them from ES modules, CommonJS
 * and TypeScript on each supported Node. Prints one line per check; the exit code is 1 when any failed.
 */
import { cpSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { type PackedPackage, packPackages } from './packed-package.ts'
import { reportCheck } from './report-check.ts'
import { runCommand } from './run-command.ts'

const SUPPORTED = [22, 24]
/** better-sqlite3 crashes the process there, so that the product has to refuse first. */
const TOO_OLD = 20
const TYPESCRIPT = ['typescript@6.0.3', '@types/node@22']
const PROGRAMS = ['use.mjs', 'use.cjs', 'use-types.mjs', 'use-types.cjs']
const REQUIRED = ['README.md', 'LICENSE', 'package.json']
const UNWANTED = /^src\/|^tests?\/|\.test\.|tsconfig/

type Check = (title: string, action: () => void) => void

/** Returns the number of checks that failed; throws when the packages cannot be packed or installed. */
export function smokePacked(root: string): number {
  const workspace = mkdtempSync(join(tmpdir(), 'diskcache-smoke-'))
  let failed = 0
  const check: Check = (title, action) => {
    if (!reportCheck(title, action)) failed++
  }
  try {
    const packages = packPackages(root, workspace)
    for (const packed of packages) check(`${packed.name} has its files`, () => checkFiles(packed))
    checkUse(installProject(workspace, packages), installNodes(workspace), packages, check)
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
  return failed
}

function checkUse(
  project: string,
  nodeBinary: (version: number) => string,
  packages: readonly PackedPackage[],
  check: Check,
): void {
  const entries = packages.flatMap((packed) => packed.entries)
  check('TypeScript compiles use-types.mts and use-types.cts', () => {
    runCommand(nodeBinary(SUPPORTED[0]!), ['node_modules/typescript/bin/tsc', '-p', '.'], project)
  })
  for (const version of SUPPORTED) {
    const node = nodeBinary(version)
    for (const loader of ['load.mjs', 'load.cjs']) {
      check(`Node ${version} runs ${loader}`, () => runCommand(node, [loader, ...entries], project))
    }
    for (const program of PROGRAMS) {
      check(`Node ${version} runs ${program}`, () => runCommand(node, [program], project))
    }
  }
  for (const program of ['too-old.mjs', 'too-old.cjs']) {
    check(`Node ${TOO_OLD} runs ${program}`, () => runCommand(nodeBinary(TOO_OLD), [program], project))
  }
}

function checkFiles({ files, targets }: PackedPackage): void {
  const missing = [...REQUIRED, ...targets].filter((path) => !files.includes(path))
  const unwanted = files.filter((path) => UNWANTED.test(path))
  if (missing.length > 0) throw new Error(`without ${missing.join(', ')}`)
  if (unwanted.length > 0) throw new Error(`with ${unwanted.join(', ')}`)
}

function installProject(workspace: string, packages: readonly PackedPackage[]): string {
  const project = join(workspace, 'project')
  cpSync(resolve(import.meta.dirname, '../smoke'), project, { recursive: true })
  npmInstall(project, [
    ...packages.map(({ tarball }) => tarball),
    ...packages.flatMap(({ peers }) => peers),
    ...TYPESCRIPT,
  ])
  return project
}

/** Returns where the binary of each version is. */
function installNodes(workspace: string): (version: number) => string {
  const folder = join(workspace, 'nodes')
  mkdirSync(folder)
  const versions = [TOO_OLD, ...SUPPORTED]
  npmInstall(
    folder,
    versions.map((version) => `node${version}@npm:node@${version}`),
  )
  return (version) => join(folder, 'node_modules', `node${version}`, 'bin', 'node')
}

function npmInstall(folder: string, wanted: readonly string[]): void {
  runCommand('npm', ['init', '--yes'], folder)
  runCommand('npm', ['install', '--no-audit', '--no-fund', ...wanted], folder)
}

if (import.meta.main) {
  process.exitCode = smokePacked(resolve(import.meta.dirname, '../../..')) > 0 ? 1 : 0
}
