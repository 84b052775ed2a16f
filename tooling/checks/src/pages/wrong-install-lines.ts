/** Whether a page tells its readers to install what its examples import. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import { join } from 'node:path'
import type { Page } from './documentation-page.ts'
import type { Block } from './markdown-block.ts'

type Manifest = {
  readonly peerDependencies?: Record<string, string>
  readonly peerDependenciesMeta?: Record<string, { readonly optional?: boolean }>
  /** The commands that it brings. */
  readonly bin?: Record<string, string>
}

const OURS = /^@diskcache\/(?<name>[^/]+)(?:\/(?<door>.+))?$/
const IMPORT = /(?:\bfrom|\bimport|\bimport\(|\brequire\()\s*'([^'\n]+)'/g

/** Packages that the page's `npm install` lines lack, or have although no example imports or runs them. */
export function wrongInstallLines(page: Page, root: string): string[] {
  const programs = page.blocks.filter(({ language }) => ['ts', 'js'].includes(language))
  const imported = programs.flatMap(({ text }) => importsOf(text))
  const needed = new Set([...imported.map(packageOf), ...imported.flatMap((name) => peersOfDoor(name, root))])
  const quoted = programs.flatMap((block) => importsOf(quotedSource(block, root))).map(packageOf)
  const useful = [...needed, ...quoted]
  const allowed = new Set([...useful, ...useful.flatMap((name) => peersOf(name, root))])
  const installed = new Set(page.blocks.flatMap(installedBy))
  return [
    ...without(needed, installed).map((name) => `imports ${name}, which no "npm install" names`),
    ...without(installed, allowed)
      .filter((name) => !isRunBy(page, name, root))
      .map((name) => `installs ${name}, which no example imports`),
  ]
}

/** Whether a line of the page runs a command of the package. */
function isRunBy({ blocks }: Page, name: string, root: string): boolean {
  const commands = Object.keys(manifestOf(name, root).bin ?? {})
  const lines = blocks.filter(isShell).flatMap(({ text }) => text.split('\n'))
  return lines.some((line) => commands.includes(line.trim().split(/\s+/)[0]!))
}

function isShell({ language }: Block): boolean {
  return ['sh', 'bash', 'console'].includes(language)
}

function without(names: ReadonlySet<string>, others: ReadonlySet<string>): string[] {
  return [...names].filter((name) => !others.has(name))
}

/** What the program imports from packages. */
function importsOf(program: string): string[] {
  const names = [...program.matchAll(IMPORT)].map(([, name]) => name!)
  return names.filter((name) => !isBuiltin(name) && !/^[./]/.test(name))
}

function packageOf(name: string): string {
  return name
    .split('/')
    .slice(0, name.startsWith('@') ? 2 : 1)
    .join('/')
}

/** The whole file of which the block is a part: its imports may stand outside of that. */
function quotedSource({ words }: Block, root: string): string {
  const path = words.find((word) => word.startsWith('from='))?.slice('from='.length)
  return path && existsSync(join(root, path)) ? readFileSync(join(root, path), 'utf8') : ''
}

/** The frameworks that users of this door of one of our packages have to bring along. */
function peersOfDoor(name: string, root: string): string[] {
  const { name: folder, door } = OURS.exec(name)?.groups ?? {}
  if (folder === undefined) return []
  const { peerDependencies = {}, peerDependenciesMeta = {} } = manifestOf(packageOf(name), root)
  const sources = sourcesOf(`${folderOf(packageOf(name), root)}/src/${door ?? ''}`, root)
  return Object.keys(peerDependencies).filter(
    (peer) => !peerDependenciesMeta[peer]?.optional || sources.includes(`'${peer}'`),
  )
}

function sourcesOf(folder: string, root: string): string {
  const paths = globSync(`${folder}/**/*.ts`, { cwd: root }).filter((path) => !path.endsWith('.test.ts'))
  return paths.map((path) => readFileSync(join(root, path), 'utf8')).join('\n')
}

function peersOf(name: string, root: string): string[] {
  return Object.keys(manifestOf(name, root).peerDependencies ?? {})
}

/** Where the source of one of our packages is. */
function folderOf(name: string, root: string): string {
  const folders = ['packages', 'tooling'].map((place) => name.replace('@diskcache', place))
  return folders.find((folder) => existsSync(join(root, folder))) ?? folders[0]!
}

function manifestOf(name: string, root: string): Manifest {
  const folder = name.startsWith('@diskcache/') ? folderOf(name, root) : `apps/docs/node_modules/${name}`
  const path = join(root, folder, 'package.json')
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')) : {}
}

/** The packages in the `npm install` lines of a block, without their versions. */
function installedBy(block: Block): string[] {
  if (!isShell(block)) return []
  const lines = block.text.split('\n').map((line) => /^\s*npm install\s+([^#]*)/.exec(line)?.[1] ?? '')
  const words = lines.flatMap((line) => line.split(/\s+/)).filter((word) => word && !word.startsWith('-'))
  return words.map((word) => word.replace(/(?<=.)@.*/, ''))
}
