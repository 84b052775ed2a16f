import { spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { describe, expect } from 'vitest'
import { test } from './command-test.ts'
import { isInstalled, run } from './run-command.ts'

/** What bash offers for the last of these words, in a folder. */
function offers(script: string, words: readonly string[], cwd: string): string[] {
  const call = `COMP_WORDS=("$@"); COMP_CWORD=$(( $# - 1 )); _diskcache; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = spawnSync('bash', ['-c', `${script}\n${call}`, 'bash', ...words], {
    cwd,
    encoding: 'utf8',
  })
  return stdout.split('\n').filter(Boolean)
}

describe.skipIf(!isInstalled('bash'))('completion bash, where that is installed,', () => {
  test('completes commands, options, their values, and directories', async ({ folder }) => {
    mkdirSync(`${folder}/a cache`)
    const { stdout: script } = await run(['completion', 'bash'])
    expect(offers(script, ['diskcache', 'cl'], folder)).toEqual(['clear'])
    expect(offers(script, ['diskcache', 'keys', './a', '--so'], folder)).toEqual(['--sort'])
    expect(offers(script, ['diskcache', 'keys', './a', '--sort', 'in'], folder)).toEqual(['insertion'])
    expect(offers(script, ['diskcache', 'keys', 'a'], folder)).toEqual(['a cache'])
    expect(offers(script, ['diskcache', 'completion', 'z'], folder)).toEqual(['zsh'])
    expect(offers(script, ['diskcache', 'expire', './a', '--s'], folder)).toEqual([])
  })
})

for (const [shell, check] of [
  ['bash', '-n'],
  ['zsh', '-n'],
] as const) {
  describe.skipIf(!isInstalled(shell))(`completion ${shell}, where that is installed,`, () => {
    test('prints a script that the shell reads', async () => {
      const { code, stdout } = await run(['completion', shell])
      expect(code).toBe(0)
      const { status, stderr } = spawnSync(shell, [check], { input: stdout, encoding: 'utf8' })
      expect([status, stderr]).toEqual([0, ''])
    })
  })
}

describe.skipIf(!isInstalled('fish'))('completion fish, where that is installed,', () => {
  test('completes commands and options', async () => {
    const { stdout: script } = await run(['completion', 'fish'])
    const complete = (line: string) =>
      spawnSync('fish', ['--no-config', '-c', `${script}\ncomplete -C '${line}'`], { encoding: 'utf8' })
        .stdout
    expect(complete('diskcache cle')).toMatch(/^clear\t/)
    expect(complete('diskcache keys x --sor')).toMatch(/^--sort/)
    expect(complete('diskcache keys x --sort in')).toMatch(/^insertion/)
  })
})

test('completion knows no other shell', async () => {
  expect(await run(['completion', 'cmd'])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('Allowed choices'),
  })
})
