/**
 * Installs the packed adapters beside one framework at a time, as a user would who has no other, compiles a program
 * against them, as an ES module and as CommonJS, and runs both. Prints one line per check; the exit code is 1 when any
 * failed.
 */
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { ADAPTER_PROJECTS, type AdapterProject } from './adapter-projects.ts'
import { packPackages } from './packed-package.ts'
import { reportCheck } from './report-check.ts'
import { runCommand } from './run-command.ts'

const NEEDED = ['core', 'cache', 'fanout', 'recipes', 'adapters'].map((name) => `@diskcache/${name}`)
const TYPESCRIPT = ['typescript@6.0.3', '@types/node@22']
/** One package of each framework. */
const FRAMEWORKS = { keyv: 'keyv', nest: '@nestjs/common', express: 'express' }

/** Returns the number of checks that failed; throws when the packages cannot be packed. */
export function smokeAdapters(root: string): number {
  const workspace = mkdtempSync(join(tmpdir(), 'diskcache-adapters-'))
  try {
    const tarballs = packPackages(root, workspace, NEEDED).map(({ tarball }) => tarball)
    return ADAPTER_PROJECTS.filter((project) => !checkProject(project, workspace, tarballs)).length
  } finally {
    rmSync(workspace, { recursive: true, force: true })
  }
}

function checkProject(project: AdapterProject, workspace: string, tarballs: readonly string[]): boolean {
  const { title, program, frameworks } = project
  const folder = join(workspace, title.replace(' ', '-'))
  return reportCheck(`${title} alone, in ES modules, CommonJS and TypeScript`, () => {
    mkdirSync(folder)
    for (const file of ['tsconfig.json', `${program}.mts`, `${program}.cts`]) {
      cpSync(resolve(import.meta.dirname, '../smoke-adapters', file), join(folder, file))
    }
    runCommand('npm', ['init', '--yes'], folder)
    runCommand(
      'npm',
      ['install', '--no-audit', '--no-fund', ...tarballs, ...frameworks, ...TYPESCRIPT],
      folder,
    )
    checkAlone(program, folder)
    runCommand(process.execPath, ['node_modules/typescript/bin/tsc', '-p', '.'], folder)
    for (const file of [`${program}.mjs`, `${program}.cjs`]) runCommand(process.execPath, [file], folder)
  })
}

/** Otherwise the check would prove nothing. */
function checkAlone(program: AdapterProject['program'], folder: string): void {
  for (const [name, framework] of Object.entries(FRAMEWORKS)) {
    const isThere = existsSync(join(folder, 'node_modules', framework))
    if (isThere !== (name === program)) throw new Error(`${framework} is ${isThere ? '' : 'not '}installed`)
  }
}

if (import.meta.main) {
  process.exitCode = smokeAdapters(resolve(import.meta.dirname, '../../..')) > 0 ? 1 : 0
}
