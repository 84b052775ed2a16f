import { existsSync, readdirSync, readFileSync, realpathSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'

/** A package of ours, or better-sqlite3, as an application has it installed. */
export interface InstalledPackage {
  readonly name: string
  readonly version: string
  /** The real path of its directory. */
  readonly path: string
}

/** An application, as the doctor sees it. */
export interface Application {
  readonly path: string
  readonly packages: readonly InstalledPackage[]
  /** The directories of `@diskcache/cache` from which better-sqlite3 is not found. */
  readonly withoutEngine: readonly string[]
  /** Whether so much is installed that not all of it was looked at. */
  readonly isCut: boolean
}

/** The most directories that are looked into. */
const MOST_DIRECTORIES = 50_000

const WANTED = /^(@diskcache\/|better-sqlite3$)/

/** Looks for our packages among all that an application has installed, in its own node_modules and in those above it. */
export function admitApplication(directory: string): Application {
  const path = resolve(directory)
  const walk = new PackageWalk()
  for (const folder of foldersAbove(path)) walk.enter(join(folder, 'node_modules'))
  const packages = [...walk.found.values()].sort((a, b) =>
    `${a.name} ${a.path}` < `${b.name} ${b.path}` ? -1 : 1,
  )
  const caches = packages.filter(({ name }) => name === '@diskcache/cache').map(({ path }) => path)
  return { path, packages, withoutEngine: caches.filter((cache) => !findsEngine(cache)), isCut: walk.isCut }
}

/** Returns whether an import in a package finds better-sqlite3. It does not look where `NODE_PATH` says. */
function findsEngine(cache: string): boolean {
  return foldersAbove(cache).some((folder) =>
    existsSync(join(folder, 'node_modules/better-sqlite3/package.json')),
  )
}

/** Returns a directory and all that it is in. */
function foldersAbove(path: string): string[] {
  const above = dirname(path)
  return above === path ? [path] : [path, ...foldersAbove(above)]
}

/** A walk through directories of packages, each once, wherever links lead to them. */
class PackageWalk {
  readonly found = new Map<string, InstalledPackage>()
  readonly #visited = new Set<string>()

  get isCut(): boolean {
    return this.#visited.size >= MOST_DIRECTORIES
  }

  /** Looks at all packages of a `node_modules`. What stands in a folder with a dot is reached by links, or by nobody. */
  enter(folder: string): void {
    const real = realPath(folder)
    if (real === undefined || this.#visited.has(real) || this.isCut) return
    this.#visited.add(real)
    for (const name of namesIn(real)) {
      if (name.startsWith('.')) continue
      const inner = name.startsWith('@') ? namesIn(join(real, name)).map((each) => `${name}/${each}`) : [name]
      for (const each of inner) this.#look(each, join(real, each))
    }
  }

  #look(name: string, path: string): void {
    const real = realPath(path)
    if (real === undefined || this.#visited.has(real) || this.isCut) return
    this.#visited.add(real)
    if (WANTED.test(name)) this.found.set(real, { name, version: versionOf(real), path: real })
    this.enter(join(real, 'node_modules'))
    // With pnpm, what a package needs stands beside it, where its link leads to.
    const beside = name.startsWith('@') ? dirname(dirname(real)) : dirname(real)
    if (basename(beside) === 'node_modules') this.enter(beside)
  }
}

function realPath(path: string): string | undefined {
  try {
    return realpathSync(path)
  } catch {
    return undefined
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder)
  } catch {
    return []
  }
}

function versionOf(path: string): string {
  try {
    return String(JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')).version)
  } catch {
    return 'unknown'
  }
}
