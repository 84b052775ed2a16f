import type { Command } from 'commander'
import { escapeControls } from '../../terminal/escape.ts'
import { ExitCode } from '../../terminal/failure.ts'
import { remark } from '../../terminal/output.ts'
import { confirm } from '../../terminal/question.ts'
import { counted } from '../../terminal/sizes.ts'
import { printChanged } from '../arguments/changed.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

/** Adds `clear`. */
export function addClear(program: Command): void {
  const command = takesTarget(program.command('clear').description('remove all entries'))
    .option('--prefix <prefix>', 'only entries whose key begins so')
    .option('-y, --yes', 'without a question')
    .option('--json', 'print the number of removed entries as JSON')
    .action(clear)
  withExamples(command, [
    ['clear ./cache', 'everything, after a question'],
    ['clear ./cache --prefix sessions: --yes', 'one namespace, in a script'],
  ])
}

async function clear(
  directory: string,
  { prefix, yes = false, json = false }: { prefix?: string; yes?: boolean; json?: boolean },
): Promise<void> {
  const count = await withTarget(directory, 'change', async ({ store, name }) => {
    if (!yes) {
      const entries = counted(await store.count({ prefix }), 'entry', 'entries')
      const which = prefix === undefined ? '' : ` that begin with "${prefix}"`
      if (!(await confirm(escapeControls(`Remove ${entries}${which} from ${name}?`)))) return undefined
    }
    return store.clear({ prefix })
  })
  if (count !== undefined) return printChanged(count, 'removed', { json })
  remark('Nothing was removed.')
  process.exitCode = ExitCode.found
}
