import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { EVERYTHING } from './own-store.ts'
import type { Peer } from './peer.ts'
import { PeerProcess } from './peer-process.ts'

/** Debian's, for which its package python3-diskcache is. */
export const PYTHON = '/usr/bin/python3'

const PROGRAM = join(import.meta.dirname, 'python_diskcache.py')

/** The model of this project, which is not opened here but runs in a Python. */
export const PYTHON_DISKCACHE: Peer = {
  name: 'python-diskcache',
  guarantees: EVERYTHING,
  settings: 'its `Cache` with default settings and a timeout of 60 s; bulk within `transact()`',
  shared: true,
  program: ({ directory }) => ({ command: PYTHON, args: [PROGRAM, directory] }),
  async open() {
    throw new TypeError('Cannot open python-diskcache: it runs as a program')
  },
}

/** The version of python-diskcache on this machine; `undefined`: there is none. */
export function pythonDiskcacheVersion(): string | undefined {
  const { status, stdout } = spawnSync(PYTHON, ['-c', 'import diskcache; print(diskcache.__version__)'], {
    encoding: 'utf8',
  })
  return status === 0 ? stdout.trim() : undefined
}

export function startPythonDiskcache(directory: string): PeerProcess {
  return PeerProcess.of(PYTHON_DISKCACHE, { directory })
}
