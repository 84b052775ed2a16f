import type { Command } from 'commander'
import { printChanged } from '../arguments/changed.ts'
import { withExamples } from '../arguments/examples.ts'
import { type TagType, tagOf, tagTypeOption } from '../arguments/key-argument.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

/** Adds `evict`. */
export function addEvict(program: Command): void {
  const command = takesTarget(program.command('evict').description('remove all entries with a tag'))
    .argument('<tag...>', 'the tags')
    .addOption(tagTypeOption())
    .option('--prefix <prefix>', 'only entries whose key begins so')
    .option('--json', 'print the number of removed entries as JSON')
    .action(evict)
  withExamples(command, [
    ['evict ./cache team:7', 'whatever has this tag'],
    ['evict ./cache users --prefix sessions:', 'of these, only what is in a namespace'],
  ])
}

async function evict(
  directory: string,
  texts: readonly string[],
  { prefix, tagType, json = false }: { prefix?: string; tagType: TagType; json?: boolean },
): Promise<void> {
  const tags = texts.map((text) => tagOf(text, tagType))
  const count = await withTarget(directory, 'change', ({ store }) => store.evict(tags, { prefix }))
  await printChanged(count, 'removed', { json })
}
