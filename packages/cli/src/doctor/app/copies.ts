import type { Ailment, Examination, Symptom } from '../findings/ailment.ts'
import type { Application, InstalledPackage } from './installed-packages.ts'

const NONE: Ailment = {
  id: 'no-packages',
  sign: 'trouble',
  what: 'The application has no package of diskcache installed',
  why: 'There is nothing to be looked at, or a bundle is to run without what it needs beside it',
  wayOut: 'Name the directory with the node_modules of the application, and run npm install there',
}

const VERSIONS: Ailment = {
  id: 'several-versions',
  sign: 'trouble',
  what: 'A package of diskcache is installed in several versions',
  why: 'The older one may refuse a directory that the newer one has adapted, and classes of the two differ',
  wayOut: 'npm dedupe, pnpm dedupe, or one version in all package.json',
}

const COPIES: Ailment = {
  id: 'several-copies',
  sign: 'remark',
  what: 'A package of diskcache is installed several times in one version',
  why: 'Classes of the copies differ: compare error.code, not instanceof',
  wayOut: 'npm dedupe, or pnpm dedupe',
}

const ENGINES: Ailment = {
  id: 'several-engines',
  sign: 'trouble',
  what: 'better-sqlite3 is installed several times',
  why: "Two copies in one process destroy each other's locks: the second that opens a directory gets ERR_DISKCACHE_ENGINE",
  wayOut: 'npm dedupe, pnpm dedupe, or one version of it in all package.json',
}

const CUT: Ailment = {
  id: 'large-application',
  sign: 'remark',
  what: 'Not all that is installed was looked at',
  why: 'There may be more copies',
  wayOut: 'Name a smaller part of the application',
}

/** Whether each package is there once. */
export const copies: Examination<Application> = {
  name: 'packages',
  ailments: [NONE, VERSIONS, COPIES, ENGINES, CUT],
  examine({ path, packages, isCut }) {
    const ours = packages.filter(({ name }) => name !== 'better-sqlite3')
    const cut = isCut ? [{ ailment: CUT, detail: path }] : []
    if (ours.length === 0) return [{ ailment: NONE, detail: path }, ...cut]
    const found = [...Map.groupBy(packages, ({ name }) => name)].flatMap(([name, all]) =>
      symptomsOf(name, all),
    )
    if (found.length + cut.length > 0) return [...found, ...cut]
    return ours.map(({ name, version }) => `${name} ${version}`).join(', ')
  },
}

function symptomsOf(name: string, all: readonly InstalledPackage[]): Symptom[] {
  if (all.length === 1) return []
  const detail = `${name}: ${all.map(({ version, path }) => `${version} in ${path}`).join(', ')}`
  if (name === 'better-sqlite3') return [{ ailment: ENGINES, detail }]
  return [{ ailment: new Set(all.map(({ version }) => version)).size > 1 ? VERSIONS : COPIES, detail }]
}
