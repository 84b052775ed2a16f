import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { ADAPTER_PROJECTS, type AdapterProject } from './smoke/adapter-projects.ts'
import { NPM } from './smoke/package-manager.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'

const TYPESCRIPT = { typescript: '6.0.3', '@types/node': '^22' }
/** One package of each framework. */
const FRAMEWORKS = {
  ...{ keyv: 'keyv', nest: '@nestjs/common', express: 'express', fastify: 'fastify' },
  'rate-limit': 'rate-limiter-flexible',
  ...{ session: 'express-session', undici: 'undici', unstorage: 'unstorage' },
  ...{ bentocache: 'bentocache', verrou: '@verrou/core' },
}

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
      checkAlone(program, folder)
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
function checkAlone(program: AdapterProject['program'], folder: string): void {
  for (const [name, framework] of Object.entries(FRAMEWORKS)) {
    const isThere = existsSync(join(folder, 'node_modules', framework))
    if (isThere !== (name === program)) throw new Error(`${framework} is ${isThere ? '' : 'not '}installed`)
  }
}
