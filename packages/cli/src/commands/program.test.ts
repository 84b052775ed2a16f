import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Command } from 'commander'
import { expect, test } from 'vitest'
import { program } from './program.ts'

const ROOT = resolve(import.meta.dirname, '../../../..')
const PAGE = readFileSync(resolve(ROOT, 'apps/docs/cli.md'), 'utf8')
const README = readFileSync(resolve(ROOT, 'packages/cli/README.md'), 'utf8')

/** The commands by their names, which do nothing. */
function idleProgram(): Command {
  const idle = program()
  for (const command of idle.commands) command.action(() => {})
  return idle
}

/** The words of each call of the command in lines of a shell; what it reads, pipes and redirects is left away. */
function calls(text: string): string[][] {
  return text.split('\n').flatMap((line) => {
    const call = /^(?:\s*\$ )?(?:if \w+=\$\(|source <\()?(?:npx @diskcache\/cli|diskcache) (?<rest>.*)/.exec(
      line,
    )
    if (call === null) return []
    const words = call.groups!.rest!.match(/'[^']*'|[^\s']+/g) ?? []
    const end = words.findIndex((word) => /^(?:[|<>#]|2>)/.test(word))
    return [words.slice(0, end === -1 ? undefined : end).map((word) => word.replaceAll(/'|\)$/g, ''))]
  })
}

async function check(text: string): Promise<number> {
  const found = calls(text).filter(([first]) => !first?.startsWith('--'))
  for (const words of found)
    await expect(idleProgram().parseAsync(words, { from: 'user' }), words.join(' ')).resolves.toBeDefined()
  return found.length
}

test('program() understands every line of the page and of the README', async () => {
  expect(await check(PAGE)).toBeGreaterThan(15)
  expect(await check(README)).toBeGreaterThan(10)
})

test('program() understands every example of its help texts', async () => {
  for (const command of program().commands) {
    let help = ''
    command.configureOutput({ writeOut: (text) => (help += text) }).outputHelp()
    expect(await check(help), command.name()).toBeGreaterThan(0)
  }
})

test('program() has no command and no option that the page does not tell of', () => {
  for (const command of program().commands) {
    const name = command.name()
    const section = PAGE.split(/^#+ /m).find((part) => part.startsWith(`${name}\n`)) ?? ''
    expect(section, name).not.toBe('')
    for (const { long } of command.options) expect(section, name).toContain(long)
  }
})
