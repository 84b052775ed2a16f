import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isProgram } from '../pages/check-block.ts'
import { readPages } from '../pages/documentation-page.ts'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'
import { ROOT } from './root.ts'

/** That the programs of the README run for somebody who has installed what it says, and nothing else. */
export const INTRODUCTION_CHECKS: readonly SmokeCheck[] = [
  {
    title: 'the programs of the README',
    run: async (bench) => {
      const { folder } = await bench.install({
        title: 'introduction',
        manager: NPM,
        ours: ['@diskcache/cache', '@diskcache/recipes'],
      })
      const page = readPages(ROOT).find(({ path }) => path === 'README.md')
      for (const { language, line, text } of (page?.blocks ?? []).filter(isProgram)) {
        const program = `line-${line}.m${language}`
        writeFileSync(join(folder, program), text)
        await bench.run(process.execPath, [program], folder)
      }
    },
  },
]
