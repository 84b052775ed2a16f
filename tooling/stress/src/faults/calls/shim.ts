import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { platform } from 'node:process'
import { fileURLToPath } from 'node:url'

const SOURCE = fileURLToPath(new URL('./fail-calls.c', import.meta.url))

/** Why system calls cannot be made to fail here; `undefined` when they can. */
export function missingCompiler(): string | undefined {
  if (platform !== 'linux') return `system calls cannot be made to fail on ${platform}`
  const { error, status } = spawnSync('cc', ['--version'])
  return error === undefined && status === 0 ? undefined : 'there is no C compiler, cc'
}

/** Compiles the library that is preloaded into `directory`; gives its path. */
export function compileShim(directory: string): string {
  const library = join(directory, 'fail-calls.so')
  const args = ['-shared', '-fPIC', '-O1', '-Wall', '-Werror', '-o', library, SOURCE, '-ldl']
  const { status, stderr } = spawnSync('cc', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`Cannot compile ${SOURCE}: ${stderr}`)
  return library
}
