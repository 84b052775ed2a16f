import type { Command } from 'commander'
import { printChanged } from '../arguments/changed.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

/** Adds `expire` and `cull`, which do at once what writes do in passing. */
export function addUpkeep(program: Command): void {
  const expire = takesTarget(program.command('expire'))
    .description('remove all entries that have expired')
    .option('--json', 'print the number of removed entries as JSON')
    .action(async (directory: string, options: { json?: boolean }) => {
      const count = await withTarget(directory, 'change', ({ store }) => store.expire())
      await printChanged(count, 'removed, which had expired', options)
    })
  withExamples(expire, [['expire ./cache', 'make room before something else has to go']])

  const cull = takesTarget(program.command('cull'))
    .description('remove expired entries, then others until the limit holds, by the policy of the cache')
    .option('--json', 'print the number of removed entries as JSON')
    .action(async (directory: string, options: { json?: boolean }) => {
      const count = await withTarget(directory, 'change', ({ store }) => store.cull())
      await printChanged(count, 'removed', options)
    })
  withExamples(cull, [['cull ./cache', 'after the limit was lowered']])
}
