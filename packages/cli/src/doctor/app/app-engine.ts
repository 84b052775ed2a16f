import { spawnSync } from 'node:child_process'
import { ENGINE_MAJOR } from '../directory/engine.ts'
import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import type { Application, InstalledPackage } from './installed-packages.ts'

const MISSING: Ailment = {
  id: 'missing-engine',
  sign: 'trouble',
  what: '@diskcache/cache does not find better-sqlite3',
  why: 'The application fails as soon as it loads the package',
  wayOut:
    'npm install; beside a bundle, and with pnpm or Plug’n’Play, the application itself needs better-sqlite3 13',
}

const OTHER: Ailment = {
  id: 'other-engine-version',
  sign: 'trouble',
  what: 'The application has another version of better-sqlite3 than @diskcache/cache is made for',
  why: 'A bundle that leaves it outside loads that one',
  wayOut: 'npm install better-sqlite3@13 in the application',
}

const UNLOADABLE: Ailment = {
  id: 'unloadable-engine',
  sign: 'trouble',
  what: 'better-sqlite3 cannot be loaded by this Node',
  why: 'It was built for another Node, system or processor, as happens when node_modules is copied, or its build did not run',
  wayOut:
    'npm rebuild better-sqlite3, or npm ci on the machine where the application runs, with the Node that runs it',
}

const PROGRAM = 'new (require(process.argv[1]))(":memory:").close()'
const TIMEOUT = 20_000

/** Whether better-sqlite3 works there. It is loaded in a process of its own. */
export const appEngine: Examination<Application> = {
  name: 'better-sqlite3',
  ailments: [MISSING, OTHER, UNLOADABLE],
  examine({ packages, withoutEngine }) {
    const engines = packages.filter(({ name }) => name === 'better-sqlite3')
    if (engines.length + withoutEngine.length === 0) return undefined
    const found = [
      ...withoutEngine.map((detail) => ({ ailment: MISSING, detail })),
      ...engines.flatMap(symptomsOf),
    ]
    if (found.length > 0) return found
    return `${engines.map(({ version }) => version).join(', ')}, loaded by Node ${process.versions.node}`
  },
}

function symptomsOf({ version, path }: InstalledPackage): Symptom[] {
  const detail = `${version} in ${path}`
  if (version.split('.')[0] !== ENGINE_MAJOR) return [{ ailment: OTHER, detail }]
  const { status, stderr, signal } = spawnSync(process.execPath, ['-e', PROGRAM, path], {
    encoding: 'utf8',
    timeout: TIMEOUT,
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  if (status === 0) return []
  const reason = /^\w*Error: .*$/m.exec(stderr)?.[0] ?? signal ?? `exit code ${status}`
  return [{ ailment: UNLOADABLE, detail: `${detail}, by Node ${process.versions.node}: ${reason}` }]
}
