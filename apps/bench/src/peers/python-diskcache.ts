import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { PeerProcess } from './peer-process.ts'

/** Debian's, for which its package python3-diskcache is. */
export const PYTHON = '/usr/bin/python3'

const PROGRAM = join(import.meta.dirname, 'python_diskcache.py')

/** The version of python-diskcache on this machine; `undefined`: there is none. */
export function pythonDiskcacheVersion(): string | undefined {
  const { status, stdout } = spawnSync(PYTHON, ['-c', 'import diskcache; print(diskcache.__version__)'], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

export function startPythonDiskcache(directory: string): PeerProcess {
  return new PeerProcess(PYTHON, [PROGRAM, directory])
}
