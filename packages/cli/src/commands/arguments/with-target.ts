import { Cache, EncryptedDisk } from '@diskcache/cache'
import type { Command } from 'commander'
import { openTarget } from '../../reading/targets/open-target.ts'
import type { Target } from '../../reading/targets/target.ts'
import { Failure } from '../../terminal/failure.ts'
import { onInterruption } from '../../terminal/interruption.ts'
import { whatIsThere } from '../../terminal/what-is-there.ts'

/** Adds the argument for what a command looks into. */
export function takesTarget(command: Command): Command {
  return command.argument('<directory>', 'the directory of a cache, or redis://HOST:PORT?prefix=PREFIX')
}

/** What a command does to what it is given: `create` makes a cache where there is none. */
export type TargetUse = 'read' | 'change' | 'create'

/**
 * Opens what a command is given, for reading alone unless it changes something, and closes it in the end. Values of an
 * encrypted cache need its secrets.
 */
export async function withTarget<T>(
  name: string,
  use: TargetUse,
  body: (target: Target) => Promise<T>,
  secrets: readonly Uint8Array[] = [],
): Promise<T> {
  if (!isAddress(name)) expectCache(name, use, secrets)
  const target = await openTarget(name, { readonly: use === 'read', secrets })
  const forget = onInterruption(() => target.close())
  try {
    return await body(target)
  } finally {
    forget()
    await target.close()
  }
}

/** A directory that is no cache must not become one because a command opens it. */
function expectCache(path: string, use: TargetUse, secrets: readonly Uint8Array[]): void {
  const instead = whatIsThere(path)
  if (instead === undefined) return
  if (use !== 'create') throw new Failure(instead)
  new Cache(path, secrets.length > 0 ? { disk: new EncryptedDisk({ keys: secrets }) } : {}).close()
}

function isAddress(name: string): boolean {
  return /^rediss?:/i.test(name)
}
