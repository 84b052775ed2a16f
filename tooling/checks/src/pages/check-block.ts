/** What can be said of a documentation block without running it. */
import { existsSync, readFileSync } from 'node:fs'
import { join, resolve, sep } from 'node:path'
import { publicPackages } from '../public-packages.ts'
import type { Block } from './markdown-block.ts'

/** What the commands and quotations in the documentation may refer to. */
export type Repository = {
  readonly root: string
  /** Names of the scripts in the root package.json. */
  readonly scripts: readonly string[]
  /** Names of the packages, without their scope. */
  readonly packages: readonly string[]
}

const PROGRAMS = ['ts', 'js']
const SHELLS = ['sh', 'bash']
const LANGUAGES = [...PROGRAMS, ...SHELLS, 'json', 'sql', 'text', 'console']

export function readRepository(root: string): Repository {
  const manifest: { scripts?: object } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
  return {
    root,
    scripts: Object.keys(manifest.scripts ?? {}),
    packages: publicPackages(root).map(({ manifest }) => manifest.name.replace('@diskcache/', '')),
  }
}

/** Whether the block is a complete module that has to run without an error. */
export function isProgram(block: Block): boolean {
  return PROGRAMS.includes(block.language) && !block.words.includes('fragment')
}

/** Whether the program uses a library that needs a newer Node than the oldest which the packages need: `node=22.19`. */
export function needsNewerNode(block: Block): boolean {
  return block.words.some((word) => word.startsWith('node='))
}

/** Why the block cannot stand in the documentation, or undefined. */
export function checkBlock(block: Block, repository: Repository): string | undefined {
  return (
    checkFence(block) ??
    checkQuotation(block, repository.root) ??
    (block.language === 'json' ? checkJson(block.text) : undefined) ??
    (SHELLS.includes(block.language) ? checkCommands(block.text, repository) : undefined)
  )
}

function checkFence({ closed, language, words }: Block): string | undefined {
  if (!closed) return 'the fence is not closed'
  if (!language) return `no language; use one of ${LANGUAGES.join(', ')}`
  if (!LANGUAGES.includes(language)) return `language "${language}" is not one of ${LANGUAGES.join(', ')}`

  const unknown = words.find((word) => word !== 'fragment' && !/^(from|node)=/.test(word))
  if (unknown) return `"${unknown}" is none of "fragment", "from=path" and "node=version"`
  if (words.includes('fragment') && !PROGRAMS.includes(language)) return 'only ts and js have fragments'
  const quoted = words.some((word) => word.startsWith('from='))
  if (!quoted && words.includes('fragment')) return 'a fragment needs "from=path", as nothing runs it'
  if (!quoted && language === 'sql') return 'sql needs "from=path", as nothing runs it'
}

function checkQuotation({ words, text }: Block, root: string): string | undefined {
  const path = words.find((word) => word.startsWith('from='))?.slice('from='.length)
  if (path === undefined) return
  const source = resolve(root, path)
  if (!source.startsWith(root + sep) || !existsSync(source))
    return `"${path}" is not a file of the repository`
  if (!quotes(text, readFileSync(source, 'utf8'))) return `the text does not occur in "${path}"`
}

/** Whether `text` is a run of whole lines of `source`, but for common indentation and blank lines around it. */
function quotes(text: string, source: string): boolean {
  const wanted = text.replace(/^(\s*\n)+/, '').trimEnd()
  if (!wanted) return false
  const normalised = withoutCommonIndent(wanted.split('\n'))
  const lines = source.trimEnd().split(/\r?\n/)
  const length = wanted.split('\n').length
  return lines.some((_, at) => withoutCommonIndent(lines.slice(at, at + length)) === normalised)
}

function withoutCommonIndent(lines: readonly string[]): string {
  const indents = lines.filter((line) => line.trim()).map((line) => line.search(/\S/))
  const width = Math.min(...indents)
  return lines.map((line) => line.slice(width)).join('\n')
}

function checkJson(text: string): string | undefined {
  try {
    JSON.parse(text)
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
}

function checkCommands(text: string, repository: Repository): string | undefined {
  for (const line of text.split('\n')) {
    const [command, ...words] = line
      .replace(/(^|\s)#.*/, '')
      .split(/\s+/)
      .filter(Boolean)
    if (command && !isKnownCommand(command, words, repository)) {
      return `"${line.trim()}" is not a command that the documentation may show; see check-block.ts`
    }
  }
}

function isKnownCommand(
  command: string,
  words: readonly string[],
  { scripts, packages }: Repository,
): boolean {
  if (!words.every((word) => /^[\w@./:=-]+$/.test(word))) return false
  if (command === 'npm') return words[0] === 'install' && installsOurs(words.slice(1), packages)
  if (command === 'pnpm') return scripts.includes(words[0] === 'run' ? words[1]! : words[0]!)
  return command === 'npx' && words[0] === '-y' && words[1] === 'pnpm@12' && scripts.includes(words[2]!)
}

/** One of our packages at least, and none under our scope that we do not have. */
function installsOurs(names: readonly string[], packages: readonly string[]): boolean {
  const ours = names.filter((name) => name.startsWith('@diskcache/'))
  return ours.length > 0 && ours.every((name) => packages.includes(name.slice('@diskcache/'.length)))
}
