import { nodeBinary, SUPPORTED_NODES, TOO_OLD_NODE } from './smoke/node-versions.ts'
import { NPM, type PackageManager, PNPM } from './smoke/package-manager.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'
import type { Application, Workbench } from './smoke/workbench.ts'

/** What fills a directory, as the application of somebody would. */
const FILL = `
import { Cache } from '@diskcache/cache'
using cache = new Cache('directory')
cache.set('user:1', { name: 'Ada' }, { tag: 'users' })
`

/** What runs the command as `npx` does, on the Node that runs this. */
const COMMAND = 'node_modules/@diskcache/cli/dist/main.js'

/** That the command installs alone, and runs on every Node that is supported. */
export const COMMAND_CHECKS: readonly SmokeCheck[] = [
  ...[NPM, PNPM].map((manager) => ({
    title: `npx diskcache, installed by ${manager.title}`,
    isLong: manager === PNPM,
    run: async (bench: Workbench) => {
      const folder = await filled(bench, manager)
      await expectOutput(bench, 'npx', ['diskcache', 'info', 'directory', '--json'], folder, '"entries":1')
      await expectOutput(bench, 'npx', ['diskcache', 'get', 'directory', 'user:1'], folder, 'Ada')
    },
  })),
  {
    title: `the command on Node ${SUPPORTED_NODES.join(', ')}; ${TOO_OLD_NODE} is refused in a sentence`,
    run: async (bench) => {
      const folder = await filled(bench, NPM)
      for (const version of SUPPORTED_NODES) {
        const node = await nodeBinary(bench, version)
        await expectOutput(bench, node, [COMMAND, 'keys', 'directory'], folder, 'user:1')
        await expectOutput(bench, node, [COMMAND, 'export', 'directory'], folder, 'Ada')
      }
      await expectRefusal(bench, await nodeBinary(bench, TOO_OLD_NODE), folder)
    },
  },
]

async function filled(bench: Workbench, manager: PackageManager): Promise<string> {
  const { folder } = await bench.install(applicationOf(manager))
  await bench.once(`filled on ${manager.title}`, () =>
    bench.run(process.execPath, ['--input-type=module', '--eval', FILL], folder),
  )
  return folder
}

function applicationOf(manager: PackageManager): Application {
  const ours = ['@diskcache/cli', '@diskcache/cache']
  return { title: `the command on ${manager.title}`, manager, ours }
}

async function expectOutput(
  bench: Workbench,
  command: string,
  words: readonly string[],
  folder: string,
  expected: string,
): Promise<void> {
  const { stdout } = await bench.run(command, words, folder)
  if (!stdout.includes(expected)) throw new Error(`${words.join(' ')}: no ${expected} in ${stdout}`)
}

async function expectRefusal(bench: Workbench, node: string, folder: string): Promise<void> {
  const result = await bench.run(node, [COMMAND, 'info', 'directory'], folder).then(
    ({ stdout }) => `it ran: ${stdout}`,
    (error: Error) => error.message,
  )
  if (!/diskcache: .*Node 20\..* too old/.test(result)) throw new Error(`Node ${TOO_OLD_NODE}: ${result}`)
}
