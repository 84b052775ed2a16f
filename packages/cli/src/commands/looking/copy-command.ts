import { type CopyStep, copyDirectory, type StoreCopied } from '@diskcache/cache'
import type { Command } from 'commander'
import { ExitCode, Failure } from '../../terminal/failure.ts'
import { isForPeople, print, printJson, remark } from '../../terminal/output.ts'
import { Progress } from '../../terminal/progress.ts'
import { counted, formatBytes } from '../../terminal/sizes.ts'
import { whatIsThere } from '../../terminal/what-is-there.ts'
import { withExamples } from '../arguments/examples.ts'
import { interruptible } from '../arguments/interruptible.ts'
import { isHarmless, printProblems } from './problems.ts'

interface CopyCommandOptions {
  readonly replace?: boolean
  readonly check?: boolean
  readonly json?: boolean
}

/** What people read beside the bar. */
const LABELS: Readonly<Record<CopyStep['phase'], string>> = {
  copying: 'copying',
  checking: 'checking the copy',
  syncing: 'writing to the disk',
}

/** Adds `copy`. */
export function addCopy(program: Command): void {
  const command = program
    .command('copy')
    .description('copy a cache as it is at one moment, while others write to it')
    .argument('<directory>', 'the directory of a cache')
    .argument('<target>', 'the directory of the copy, which appears when it is complete')
    .option('--replace', 'remove the cache that is in the place of the copy')
    .option('--no-check', 'without the check, which reads all of the copy')
    .option('--json', 'print what was copied as JSON')
    .action(copy)
  withExamples(command, [
    ['copy ./cache /backups/cache', 'a backup of a live cache'],
    ['copy ./cache /backups/cache --replace', 'the next one, in its place'],
  ])
}

async function copy(directory: string, target: string, options: CopyCommandOptions): Promise<void> {
  const { replace = false, check = true, json = false } = options
  if (/^rediss?:/i.test(directory))
    throw new Failure('only directories are copied; diskcache export writes what Redis has to a file')
  const instead = whatIsThere(directory)
  if (instead !== undefined) throw new Failure(instead)
  const stores = await interruptible(async (signal) => {
    using bars = new Bars()
    const onProgress = (step: CopyStep) => bars.show(step)
    return await copyDirectory(directory, target, { replace, check, signal, onProgress })
  })
  if (json) await printJson({ stores })
  else await printCopied(stores)
  const isWhole = stores.every(({ vanished, damaged }) => vanished + damaged === 0)
  if (!isWhole || !stores.every(({ problems }) => problems.every(isHarmless)))
    process.exitCode = ExitCode.found
}

/** A bar for each phase of each store. */
class Bars implements Disposable {
  #name = ''
  #progress: Progress | undefined

  show({ phase, store, done, total }: CopyStep): void {
    const name = `${LABELS[phase]}${store === '.' ? '' : ` ${store}`}`
    if (name !== this.#name) {
      this.#progress?.stop()
      this.#progress = new Progress(name)
      this.#name = name
    }
    this.#progress?.update(done, total)
  }

  [Symbol.dispose](): void {
    this.#progress?.stop()
  }
}

async function printCopied(stores: readonly StoreCopied[]): Promise<void> {
  const sum = (of: (store: StoreCopied) => number) => stores.reduce((total, store) => total + of(store), 0)
  const entries = sum((store) => store.entries)
  const bytes = sum((store) => store.bytes)
  const forPeople = `${counted(entries, 'entry', 'entries')} copied, ${formatBytes(bytes)}`
  await print(isForPeople() ? forPeople : `${entries}\t${bytes}`)
  const leftOut = (count: number, why: string) => {
    if (count > 0) remark(`${counted(count, 'entry', 'entries')} left out: ${why}`)
  }
  leftOut(
    sum(({ vanished }) => vanished),
    'they changed faster than they could be copied, and the cache cannot be locked by this user',
  )
  leftOut(
    sum(({ damaged }) => damaged),
    'the cache has lost their files; diskcache check tells of them',
  )
  const problems = stores.flatMap((store) => store.problems)
  if (problems.length > 0) remark('The copy has these problems, as the cache has:')
  await printProblems(problems)
}
