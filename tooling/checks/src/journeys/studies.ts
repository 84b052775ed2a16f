import { cpSync, globSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { NPM } from '../smoke/package-manager.ts'
import type { SmokeCheck } from '../smoke/smoke-check.ts'
import { ROOT } from './root.ts'
import { followSessions } from './shell-sessions.ts'

const STUDIES = 'apps/studies'

/** That each case study runs by itself, and prints what its page shows. */
export const STUDY_CHECKS: readonly SmokeCheck[] = folders().map((name) => ({
  title: `the case study ${name}`,
  run: async (bench) => {
    const { folder } = await bench.install({
      title: 'studies',
      manager: NPM,
      ours: ['@diskcache/cache', '@diskcache/recipes'],
    })
    const study = join(folder, name)
    cpSync(join(ROOT, STUDIES, name), study, { recursive: true })
    await followSessions(`${STUDIES}/${name}/README.md`, bench, study)
  },
}))

function folders(): string[] {
  return globSync('*/README.md', { cwd: join(ROOT, STUDIES) })
    .map(dirname)
    .sort()
}
