import { existsSync, readFileSync } from 'node:fs'
import { join, relative, sep } from 'node:path'
import { findFiles, spread } from '../find-files.ts'
import { packageDirectory, packageTitle } from '../package-directory.ts'

/** A package with the Markdown files that it brings with it. */
export interface DocumentedPackage {
  readonly name: string
  readonly version: string
  readonly description: string
  /** Names of other packages. */
  readonly dependencies: readonly string[]
  /** The text of each Markdown file, by its path in the package. */
  readonly documents: ReadonlyMap<string, string>
}

/** The packages below `directory` that have Markdown files, each version once; of more than `limit`, some, evenly spread. */
export function findDocumentedPackages(directory: string, limit: number): DocumentedPackage[] {
  const markdown = findFiles(directory).filter((path) => path.endsWith('.md'))
  const filesOf = Map.groupBy(markdown, packageDirectory)
  const packages = filesOf.keys().filter((path) => existsSync(join(path, 'package.json')))
  // With pnpm a version may be installed more than once, with different peers.
  const distinct = new Map(packages.map((path) => [packageTitle(path), path]))
  return spread([...distinct.values()], limit).map((path) => readPackage(path, filesOf.get(path)!))
}

function readPackage(directory: string, files: readonly string[]): DocumentedPackage {
  const manifest = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8'))
  const { name, version, description = '', dependencies = {} } = manifest
  const documents = new Map<string, string>()
  for (const path of files) {
    documents.set(relative(directory, path).replaceAll(sep, '/'), readFileSync(path, 'utf8'))
  }
  return { name, version, description, dependencies: Object.keys(dependencies), documents }
}
