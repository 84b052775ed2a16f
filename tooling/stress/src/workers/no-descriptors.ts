import { throws } from 'node:assert'
import { closeSync, mkdirSync, openSync } from 'node:fs'
import { join } from 'node:path'
import { Cache } from '@diskcache/cache'
import { role } from '../../../../packages/cache/tests/processes/role.ts'
import { isDiskCacheError, Siege } from './siege.ts'

export interface NoDescriptorsJob {
  readonly directory: string
  readonly seed: number
}

export interface NoDescriptorsReport {
  /** How often which error was thrown. */
  readonly errors: Record<string, number>
  /** What is left of files that could not be made. */
  readonly emptyDirectories: number
}

role<NoDescriptorsJob, NoDescriptorsReport>(async ({ directory, seed }) => {
  const other = join(directory, 'other')
  mkdirSync(other)
  const siege = new Siege(join(directory, 'cache'), seed, isExpected)
  await siege.workInPeace(100)
  for (let i = 0; i < 3; i++) {
    // A process that has just started has yet to look for orphans, after one of its writes.
    siege.reopen()
    siege.read()
    const hoard = takeAllDescriptors()
    await siege.work(100)
    throws(() => new Cache(other), isExpected)
    for (const descriptor of hoard) closeSync(descriptor)
    siege.expectWhole()
    await siege.workInPeace(100)
    new Cache(other).close()
  }
  siege.expectWhole()
  return { errors: siege.errors, emptyDirectories: siege.close() }
})

/** The system's own error says what is short; the library may also wrap it. */
function isExpected(error: unknown): boolean {
  return isDiskCacheError(error) || (error as { code?: string }).code === 'EMFILE'
}

function takeAllDescriptors(): number[] {
  const hoard: number[] = []
  for (;;) {
    try {
      hoard.push(openSync('/dev/null', 'r'))
    } catch {
      return hoard
    }
  }
}
