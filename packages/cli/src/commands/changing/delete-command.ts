import type { Command } from 'commander'
import { ExitCode } from '../../terminal/failure.ts'
import { printChanged } from '../arguments/changed.ts'
import { withExamples } from '../arguments/examples.ts'
import { type KeyType, keyOf, keyTypeOption } from '../arguments/key-argument.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

/** Adds `delete`. */
export function addDelete(program: Command): void {
  const command = takesTarget(program.command('delete').description('remove entries by their keys'))
    .argument('<key...>', 'the keys')
    .addOption(keyTypeOption())
    .option('--json', 'print the number of removed entries as JSON')
    .action(remove)
  withExamples(command, [
    ['delete ./cache user:1 user:2', 'two entries'],
    ['delete ./cache --key-type number 7', 'the entry with the number 7 for its key'],
    ['delete ./cache -- --odd', 'a key that begins with a hyphen'],
  ])
}

async function remove(
  directory: string,
  texts: readonly string[],
  options: { keyType: KeyType; json?: boolean },
): Promise<void> {
  const keys = texts.map((text) => keyOf(text, options.keyType))
  const removed = await withTarget(directory, 'change', ({ store }) => store.deleteMany(keys))
  const count = removed.filter(Boolean).length
  await printChanged(count, 'removed', options)
  if (count < removed.length) process.exitCode = ExitCode.found
}
