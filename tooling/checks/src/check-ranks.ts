/**
 * Checks the order of the packages: each one imports only packages of a lower rank, by name, and its own
 * files without cycles. Prints one line per problem; the exit code is 1 when there is any.
 */
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { dirname, join, relative, resolve, sep } from 'node:path'
import { type Import, readSource, type Source } from './module-source.ts'

export type Layer = { readonly rank: number; readonly mayImport: readonly string[] }

/** Every package, its rank, and the packages of a lower rank that it may import. */
export const LAYERS: Readonly<Record<string, Layer>> = {
  core: { rank: 0, mayImport: [] },
  cache: { rank: 1, mayImport: ['core'] },
  redis: { rank: 1, mayImport: ['core'] },
  fanout: { rank: 2, mayImport: ['core', 'cache'] },
  collections: { rank: 3, mayImport: ['core', 'cache'] },
  recipes: { rank: 4, mayImport: ['core'] },
  adapters: { rank: 5, mayImport: ['core', 'cache', 'fanout', 'recipes'] },
}

const SCOPE = '@diskcache/'
const ENGINE = ['better-sqlite3', 'msgpackr']

type Manifest = Partial<Record<'dependencies' | 'peerDependencies' | 'optionalDependencies', object>>

/** Problems of the packages below `root`, each as `path: message`. */
export function checkRanks(root: string): string[] {
  const packages = readdirSync(join(root, 'packages')).filter((name) =>
    existsSync(join(root, 'packages', name, 'package.json')),
  )
  return packages.sort().flatMap((name) => checkPackage(root, name))
}

function checkPackage(root: string, name: string): string[] {
  const folder = join(root, 'packages', name)
  const report = (path: string, message: string) => `${toPosix(relative(root, path))}: ${message}`
  const manifestPath = join(folder, 'package.json')
  if (!Object.hasOwn(LAYERS, name)) return [report(manifestPath, `"${name}" has no rank in check-ranks.ts`)]

  const declared = runtimeDependencies(manifestPath)
  const sources = readSources(join(folder, 'src'))
  const problems = declared
    .map((dependency) => forbiddenPackage(name, dependency))
    .filter((message) => message !== undefined)
    .map((message) => report(manifestPath, `depends on ${message}`))

  for (const source of sources) {
    if (source.exportsAll) problems.push(report(source.path, 'has "export *"; name what it exports'))
    for (const { specifier, ...imported } of source.imports) {
      const message = isRelative(specifier)
        ? forbiddenFile(folder, source.path, specifier)
        : (forbiddenPackage(name, packageOf(specifier)) ??
          undeclaredPackage(packageOf(specifier), declared) ??
          forbiddenValues(name, packageOf(specifier), imported))
      if (message) problems.push(report(source.path, `imports ${message}`))
    }
  }
  const cycles = findCycles(sources).map((cycle) => {
    const names = cycle.map((path) => toPosix(relative(join(folder, 'src'), path)))
    return report(cycle[0]!, `import cycle ${names.join(' → ')}`)
  })
  return [...problems, ...cycles]
}

function forbiddenPackage(importer: string, imported: string): string | undefined {
  if (ENGINE.includes(imported)) {
    return importer === 'core' ? undefined : `"${imported}", which only ${SCOPE}core may`
  }
  if (!imported.startsWith(SCOPE)) return
  const allowed = LAYERS[importer]!.mayImport
  if (allowed.includes(imported.slice(SCOPE.length))) return
  return `"${imported}"; ${SCOPE}${importer} may import ${allowed.join(', ') || 'no other package'}`
}

/** tsup would copy a package that is not declared into the bundle: a second copy beside the user's own. */
function undeclaredPackage(imported: string, declared: readonly string[]): string | undefined {
  if (isBuiltin(imported) || declared.includes(imported)) return
  return `"${imported}", which package.json does not declare`
}

/** What recipes may take from core beside types and errors: functions and channels that know nothing of SQLite. */
const ENGINE_FREE: readonly string[] = [
  'abortable',
  'argumentParts',
  'checkFunction',
  'checkMemoizeOptions',
  'checkNumber',
  'checkOptions',
  'checkString',
  'encodeCanonicalKey',
  'errorChannel',
  'hasCode',
  'lockChannel',
  'quote',
]

/** Recipes run on any engine, so that they take nothing from core that belongs to one. */
function forbiddenValues(
  importer: string,
  imported: string,
  { values, wholeModule }: Omit<Import, 'specifier'>,
) {
  if (importer !== 'recipes' || imported !== `${SCOPE}core`) return
  const may = 'recipes may import its types, its errors and what ENGINE_FREE lists'
  if (wholeModule) return `all of "${imported}"; ${may}, by name`
  const other = values.find((value) => !value.endsWith('Error') && !ENGINE_FREE.includes(value))
  return other && `"${other}" from "${imported}"; ${may}`
}

function forbiddenFile(folder: string, importer: string, specifier: string): string | undefined {
  const target = resolve(dirname(importer), specifier)
  if (!target.startsWith(folder + sep)) return `"${specifier}", outside its package; use the package's name`
  if (target === join(folder, 'src', 'index.ts')) return `"${specifier}", its own package's face`
}

function runtimeDependencies(manifestPath: string): string[] {
  const manifest: Manifest = JSON.parse(readFileSync(manifestPath, 'utf8'))
  const { dependencies, peerDependencies, optionalDependencies } = manifest
  return Object.keys({ ...dependencies, ...peerDependencies, ...optionalDependencies })
}

function readSources(folder: string): Source[] {
  const paths = globSync('**/*.ts', { cwd: folder }).filter((path) => !path.endsWith('.test.ts'))
  return paths.sort().map((path) => readSource(join(folder, path)))
}

/** One path per import that closes a cycle, from the file imported back to itself. */
function findCycles(sources: readonly Source[]): string[][] {
  const targets = new Map(sources.map((source) => [source.path, relativeTargets(source)]))
  const cycles: string[][] = []
  const finished = new Set<string>()
  const follow = (path: string, trail: readonly string[]): void => {
    const start = trail.indexOf(path)
    if (start >= 0) cycles.push([...trail.slice(start), path])
    if (start >= 0 || finished.has(path)) return
    for (const target of targets.get(path) ?? []) follow(target, [...trail, path])
    finished.add(path)
  }
  for (const path of targets.keys()) follow(path, [])
  return cycles
}

function relativeTargets({ path, imports }: Source): Set<string> {
  const specifiers = imports.map(({ specifier }) => specifier).filter(isRelative)
  return new Set(specifiers.map((specifier) => resolve(dirname(path), specifier)))
}

function isRelative(specifier: string): boolean {
  return specifier.startsWith('.') || specifier.startsWith('/')
}

function packageOf(specifier: string): string {
  if (isBuiltin(specifier)) return specifier
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')
}

function toPosix(path: string): string {
  return path.replaceAll(sep, '/')
}

if (import.meta.main) {
  const problems = checkRanks(resolve(import.meta.dirname, '../../..'))
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
