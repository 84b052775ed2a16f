/**
 * Checks that the layout of the packages is what the architecture page says: imports go down, only `core/sqlite` has SQL,
 * no folder is crowded, and no function is too long. Prints one line per problem; the exit code is 1 when there is any.
 */
import { globSync } from 'node:fs'
import { resolve } from 'node:path'
import { cruise, type ICruiseResult } from 'dependency-cruiser'
import { crowdedFolders } from './crowded-folders.ts'
import { LAYOUT_RULES } from './layout-rules.ts'
import { longFunctions } from './long-functions.ts'
import { straySql } from './stray-sql.ts'

/** Imports below `root` that no file may have, each as `rule: from → to`. */
export async function forbiddenImports(root: string): Promise<string[]> {
  const sources = globSync('packages/*/src', { cwd: root })
  const { output } = await cruise(
    sources,
    {
      baseDir: root,
      ruleSet: { forbidden: [...LAYOUT_RULES] },
      validate: true,
      doNotFollow: { path: ['node_modules', '/dist/'] },
      tsPreCompilationDeps: true,
    },
    {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'default', 'types'],
      extensions: ['.ts', '.tsx', '.js', '.d.ts'],
    },
  )
  const { violations } = (output as ICruiseResult).summary
  return violations.map(({ rule, from, to }) => `${rule.name}: ${from} → ${to}`)
}

if (import.meta.main) {
  const root = resolve(import.meta.dirname, '../../../..')
  const problems = [
    ...(await forbiddenImports(root)),
    ...straySql(root),
    ...crowdedFolders(root),
    ...longFunctions(root),
  ]
  for (const problem of problems) console.log(problem)
  process.exitCode = problems.length > 0 ? 1 : 0
}
