import { Skipped } from '../report-check.ts'
import { NPM } from './package-manager.ts'
import type { SmokeCheck } from './smoke-check.ts'
import type { Application, Workbench } from './workbench.ts'

/** Other runtimes, by the package that brings them, and the words before a program. */
const RUNTIMES = { bun: [], deno: ['run', '--allow-all'] } as const
type Runtime = keyof typeof RUNTIMES

/** That Bun and Deno run the programs, where they install. */
export const RUNTIME_CHECKS: readonly SmokeCheck[] = (['bun', 'deno'] as const).map((runtime) => ({
  title: `${runtime} runs use.mjs, use.cjs and doors.mjs`,
  isLong: true,
  run: async (bench) => {
    const folder = await folderWith(bench, runtime)
    for (const program of ['use.mjs', 'use.cjs', 'doors.mjs']) {
      await bench.run(binaryOf(runtime), [...RUNTIMES[runtime], program], folder)
    }
  },
}))

/** Where the runtime is installed, and starts. */
async function folderWith(bench: Workbench, runtime: Runtime): Promise<string> {
  try {
    const { folder } = await bench.install(applicationOf(runtime))
    await bench.run(binaryOf(runtime), ['--version'], folder)
    return folder
  } catch (error) {
    throw new Skipped(`it does not install here: ${String(error).split('\n')[0]}`)
  }
}

function binaryOf(runtime: Runtime): string {
  return `node_modules/.bin/${runtime}`
}

function applicationOf(runtime: Runtime): Application {
  return {
    title: `on ${runtime}`,
    manager: NPM,
    ours: ['@diskcache/cache', '@diskcache/core'],
    others: { [runtime]: '*' },
    programs: ['smoke'],
  }
}
