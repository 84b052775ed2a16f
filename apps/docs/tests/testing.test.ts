import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { NODE_22 } from '@diskcache/node22'
import { directoryTest as test } from '@diskcache/testkit'
import { describe, expect } from 'vitest'

const FILES = join(import.meta.dirname, 'testing')
const JEST = createRequire(import.meta.url).resolve('jest/bin/jest')

interface Run {
  readonly status: number | null
  readonly output: string
}

/** Runs Node, whose directory for temporary files is `directory`. */
function run(directory: string, node: string, ...args: string[]): Run {
  const env = { ...process.env, TMPDIR: directory, NODE_OPTIONS: '' }
  const { status, stdout, stderr } = spawnSync(node, args, { cwd: FILES, env, encoding: 'utf8' })
  return { status, output: stdout + stderr }
}

function cachesIn(directory: string): string[] {
  return readdirSync(directory).filter((name) => name.startsWith('diskcache-'))
}

describe('The tests of the page on testing', () => {
  test.for([
    { name: 'Node', node: process.execPath, file: 'node-runner.ts' },
    { name: 'Node', node: process.execPath, file: 'node-hooks.js' },
    { name: 'Node 22', node: NODE_22, file: 'node-hooks.js' },
  ])('pass in $name by $file, and leave no cache behind', ({ node, file }, { directory }) => {
    const { status, output } = run(directory, node, '--test', '--test-reporter=tap', file)
    expect(output).toMatch(/^# pass 2$/m)
    expect([status, cachesIn(directory)]).toEqual([0, []])
  })

  test('leave no cache behind where they fail', ({ directory }) => {
    const { status, output } = run(directory, process.execPath, '--test', '--test-reporter=tap', 'failing.ts')
    expect(output).toMatch(/^# fail 1\n# cancelled 1$/m)
    expect([status, cachesIn(directory)]).toEqual([1, []])
  })

  test('pass in Jest, and leave no cache behind', ({ directory }) => {
    const options = [
      '--runInBand',
      '--no-watchman',
      '--rootDir',
      FILES,
      '--cacheDirectory',
      join(directory, 'jest'),
    ]
    const { status, output } = run(
      directory,
      process.execPath,
      JEST,
      ...options,
      '--testMatch',
      '**/jest-runner.cjs',
    )
    expect(output).toContain('1 passed')
    expect([status, cachesIn(directory)]).toEqual([0, []])
  })
})
