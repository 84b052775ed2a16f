import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pageOf } from '../pages/documentation-page.ts'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'
import type { Workbench } from '../smoke/workbench.ts'
import { ROOT } from './root.ts'
import { followSessions } from './shell-sessions.ts'

const PAGE = 'apps/docs/tutorial.md'
const PROGRAMS = 'apps/tutorial/src'
const STUDIES = 'apps/studies'
const COMPILER = { typescript: '6.0.3', '@types/node': '26.6.6' }

/** That whoever follows the tutorial sees what it shows. */
export const TUTORIAL_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'each step of the tutorial',
    run: async (bench) => {
      await followSessions(PAGE, bench, await prepare(bench))
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
    run: async (bench) => {
      const folder = await prepare(bench)
      for (const signal of ['SIGTERM', 'SIGINT'] as const) await serveOnce(folder, signal)
    },
  },
  {
    title: 'the programs of the tutorial and of the case studies, with the types of its tsconfig.json',
    run: async (bench) => {
      const folder = await prepare(bench, 'tutorial with types', COMPILER)
      cpSync(join(ROOT, STUDIES), join(folder, 'studies'), { recursive: true, filter: isSource })
      await bench.run('npm', ['pkg', 'set', 'type=module'], folder)
      writeFileSync(join(folder, 'tsconfig.json'), configuration())
      await bench.run(process.execPath, ['node_modules/typescript/bin/tsc'], folder)
    },
  },
]

async function prepare(
  bench: Workbench,
  title = 'tutorial',
  others: Readonly<Record<string, string>> = {},
): Promise<string> {
  const ours = ['@diskcache/cache', '@diskcache/recipes']
  const { folder } = await bench.install({ title, manager: NPM, ours, others })
  cpSync(join(ROOT, PROGRAMS), folder, { recursive: true })
  return folder
}

/** The `tsconfig.json` that the page shows. */
function configuration(): string {
  const { blocks } = pageOf(PAGE, readFileSync(join(ROOT, PAGE), 'utf8'))
  const [block] = blocks.filter(({ language }) => language === 'json')
  if (!block) throw new Error(`${PAGE} shows no tsconfig.json`)
  return block.text
}

function isSource(path: string): boolean {
  return !/node_modules|tsconfig\.json$/.test(path)
}

async function serveOnce(folder: string, signal: NodeJS.Signals): Promise<void> {
  const env = { ...process.env, PORT: '0', CACHE_DIRECTORY: join(folder, 'served-cache') }
  const server = spawn(process.execPath, ['10-production.ts'], { cwd: folder, env, timeout: 30_000 })
  const lines = createInterface(server.stdout)[Symbol.asyncIterator]()
  const ended = once(server, 'exit')
  const { value: listening = '' } = await lines.next()
  const response = await fetch(`http://127.0.0.1:${/port: (\d+)/.exec(listening)?.[1]}/?city=Lima`)
  const answer = await response.text()
  server.kill(signal)
  const { value: last } = await lines.next()
  const [code] = await ended
  if (answer !== '{"city":"Lima","degrees":20}' || last !== 'closed' || code !== 0)
    throw new Error(`With ${signal} it answered ${answer}, said ${last}, and ended with ${code}`)
}
