import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'
import type { Workbench } from '../smoke/workbench.ts'
import { ROOT } from './root.ts'
import { followSessions } from './shell-sessions.ts'

const PROGRAMS = 'apps/tutorial/src'

/** That whoever follows the tutorial sees what it shows. */
export const TUTORIAL_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'each step of the tutorial',
    run: async (bench) => {
      await followSessions('apps/docs/tutorial.md', bench, await prepare(bench))
    },
  },
  {
    title: 'the tests of the tutorial',
    run: async (bench) => {
      await bench.run(process.execPath, ['--test'], await prepare(bench))
    },
  },
  {
    title: 'the server of the tutorial answers, and closes its cache when it is to end',
    run: async (bench) => serveOnce(await prepare(bench)),
  },
]

async function prepare(bench: Workbench): Promise<string> {
  const { folder } = await bench.install({
    title: 'tutorial',
    manager: NPM,
    ours: ['@diskcache/cache', '@diskcache/recipes'],
  })
  cpSync(join(ROOT, PROGRAMS), folder, { recursive: true })
  return folder
}

async function serveOnce(folder: string): Promise<void> {
  const env = { ...process.env, PORT: '0', CACHE_DIRECTORY: join(folder, 'served-cache') }
  const server = spawn(process.execPath, ['10-production.ts'], { cwd: folder, env, timeout: 30_000 })
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
  const ended = once(server, 'exit')
  const { value: listening = '' } = await lines.next()
  const response = await fetch(`http://127.0.0.1:${/port: (\d+)/.exec(listening)?.[1]}/?city=Lima`)
  const answer = await response.text()
  server.kill('SIGTERM')
  const { value: last } = await lines.next()
  const [code] = await ended
  if (answer !== '{"city":"Lima","degrees":20}' || last !== 'closed' || code !== 0)
    throw new Error(`It answered ${answer}, said ${last}, and ended with ${code}`)
}
