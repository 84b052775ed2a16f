import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ADAPTER_PROJECTS, type AdapterProject } from './smoke/adapter-projects.ts'
import { NPM } from './smoke/package-manager.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'

const TYPESCRIPT = { typescript: '6.0.3', '@types/node': '^22' }
/** One package of each framework. */
const FRAMEWORKS = [
  ...['keyv', '@nestjs/common', 'express', 'fastify', 'express-rate-limit', 'rate-limiter-flexible'],
  ...['express-session', '@fastify/session', 'undici', 'unstorage', 'bentocache', '@verrou/core'],
]

/**
 * That the packed adapters work beside one framework at a time, for a user who has no other: a program is compiled against
 * them, as an ES module and as CommonJS, and both run.
 */
export const ADAPTER_CHECKS: readonly SmokeCheck[] = ADAPTER_PROJECTS.map(
  ({ title, program, frameworks }) => ({
    title: `${title} alone, in ES modules, CommonJS and TypeScript`,
    run: async (bench) => {
      const { folder } = await bench.install({
        title,
        manager: NPM,
        ours: ['@diskcache/adapters'],
        others: { ...frameworks, ...TYPESCRIPT },
        programs: ['smoke-adapters'],
      })
      checkAlone(frameworks, folder)
      await bench.run(
        process.execPath,
        ['node_modules/typescript/bin/tsc', '-p', `tsconfig.${program}.json`],
        folder,
      )
      for (const file of [`${program}.mjs`, `${program}.cjs`])
        await bench.run(process.execPath, [file], folder)
    },
  }),
)

/** Otherwise the check would prove nothing. */
function checkAlone(frameworks: AdapterProject['frameworks'], folder: string): void {
  for (const framework of FRAMEWORKS) {
    const isThere = existsSync(join(folder, 'node_modules', framework))
    if (isThere !== framework in frameworks)
      throw new Error(`${framework} is ${isThere ? '' : 'not '}installed`)
  }
}
