import { join } from 'node:path'
import { EVERYTHING } from './own-stores.ts'
import type { Peer } from './peer.ts'

const PROGRAM = join(import.meta.dirname, 'python_diskcache.py')

/** The model of this project, which is not opened here but runs in Debian's Python, for which it has a package. */
export const PYTHON_DISKCACHE: Peer = {
  name: 'python-diskcache',
  guarantees: EVERYTHING,
  settings: 'its `Cache` with default settings and a timeout of 60 s; bulk within `transact()`',
  shared: true,
  program: ({ directory }) => ['/usr/bin/python3', PROGRAM, directory],
  async open() {
    throw new TypeError('Cannot open python-diskcache: it runs as a program')
  },
}
