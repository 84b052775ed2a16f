import type { Command } from 'commander'
import { parseDuration } from '../../terminal/durations.ts'

import { withExamples } from '../arguments/examples.ts'
import { type KeyType, keyOf, keyTypeOption } from '../arguments/key-argument.ts'
import { missing } from '../arguments/missing.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

/** Adds `touch`. */
export function addTouch(program: Command): void {
  const command = takesTarget(program.command('touch').description('give an entry a new time to live'))
    .argument('<key>', 'the key')
    .requiredOption('--ttl <duration>', 'from now on: 90s, 15m, 2h, 7d, or never', parseDuration)
    .addOption(keyTypeOption())
    .action(touch)
  withExamples(command, [
    ['touch ./cache user:1 --ttl 15m', 'it lives for 15 more minutes'],
    ['touch ./cache user:1 --ttl never', 'it does not expire any more'],
  ])
}

async function touch(
  directory: string,
  text: string,
  { ttl, keyType }: { ttl: number; keyType: KeyType },
): Promise<void> {
  const key = keyOf(text, keyType)
  const wasThere = await withTarget(directory, 'change', ({ store }) => store.touch(key, { ttl }))
  if (!wasThere) missing(text)
}
