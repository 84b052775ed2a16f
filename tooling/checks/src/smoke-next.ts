import { NPM } from './smoke/package-manager.ts'
import type { SmokeCheck } from './smoke/smoke-check.ts'

const NEXT = { next: '^16.4', react: '^19', 'react-dom': '^19' }
const TYPESCRIPT = { typescript: '6.0.3', '@types/node': '^22', '@types/react': '^19' }

/** That the cache handlers fit Next's types, and that a real application has one cache in several processes. */
export const NEXT_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'Next.js 16, built, and served by two processes with one cache',
    isLong: true,
    run: async (bench) => {
      const { folder } = await bench.install({
        title: 'Next.js 16',
        manager: NPM,
        ours: ['@diskcache/adapters'],
        others: { ...NEXT, ...TYPESCRIPT },
        programs: ['smoke-next'],
      })
      await bench.run(
        process.execPath,
        ['node_modules/typescript/bin/tsc', '-p', 'tsconfig.types.json'],
        folder,
      )
      await bench.run(process.execPath, ['check.mjs'], folder)
    },
  },
]
