import { open } from 'node:fs/promises'
import type { Command } from 'commander'
import { escapeControls } from '../../terminal/escape.ts'
import { ExitCode, Failure } from '../../terminal/failure.ts'
import { remark } from '../../terminal/output.ts'
import { Progress } from '../../terminal/progress.ts'
import { counted, formatCount } from '../../terminal/sizes.ts'
import { type ImportResult, importEntries } from '../../transfer/import/importing.ts'
import { openDestination } from '../../transfer/stores/open-destination.ts'
import { withExamples } from '../arguments/examples.ts'
import { takesTarget } from '../arguments/with-target.ts'
import { leftOutText } from './left-out.ts'
import { withInterruption } from './with-interruption.ts'

interface ImportOptions {
  readonly shards?: number
  readonly checkpoint?: string
  readonly ifAbsent?: boolean
}

/** The bytes that are read of a file at a time. */
const READ_BYTES = 2 ** 18

const MOST_SHARDS = 1_000

/** Adds `import`. */
export function addImport(program: Command): void {
  const text = 'store the entries of an export, in their order; a directory that is not there is made'
  const command = takesTarget(program.command('import').description(text))
    .argument('[file]', 'what export has written; the standard input, unless given, or with -')
    .option('--shards <number>', 'make a new directory for a FanoutCache of so many shards', parseShards)
    .option('--if-absent', 'keep entries that are there')
    .option(
      '--checkpoint <file>',
      'note in this file how far it has come, and go on from there if it is there',
    )
    .action((name: string, file: string | undefined, options: ImportOptions) =>
      withInterruption((signal) => importFrom(name, file, options, signal)),
    )
  withExamples(command, [
    [
      'import ./new entries.ndjson --checkpoint import.checkpoint',
      'from a file, on from where it was broken off',
    ],
    ['export ./cache | diskcache import "redis://localhost:6379?prefix=app"', 'from a directory to Redis'],
  ])
}

async function importFrom(
  name: string,
  file: string | undefined,
  { ifAbsent, checkpoint, shards }: ImportOptions,
  signal: AbortSignal,
): Promise<void> {
  const { bytes, size } = await openInput(file)
  using progress = new Progress('importing')
  const onProgress = (done: number) => progress.update(done, size)
  const options = { ifAbsent, checkpoint, signal, onProgress }
  const result = await importEntries(bytes, (header) => openDestination(name, header, shards), options)
  progress.stop()
  tell(result, checkpoint)
}

interface Input {
  readonly bytes: AsyncIterable<Uint8Array>
  /** The bytes that there are; 0 where that is not known. */
  readonly size: number
}

async function openInput(file: string | undefined): Promise<Input> {
  if (file !== undefined && file !== '-') {
    const handle = await open(file, 'r')
    const stats = await handle.stat()
    if (stats.isDirectory()) throw new Failure(`"${file}" is a directory; name a file`)
    const { size } = stats
    return { bytes: handle.createReadStream({ highWaterMark: READ_BYTES }), size }
  }
  if (!process.stdin.isTTY) return { bytes: process.stdin, size: 0 }
  throw new Failure('there is nothing to import: name a file, or pipe what diskcache export writes')
}

/** Tells what came of it, and sets the exit code. */
function tell(result: ImportResult, checkpoint: string | undefined): void {
  const { counts, end, evicted, isAborted, isUnfinished } = result
  const { stored, kept, expired, tooLarge, unfit, broken } = counts
  const rest = leftOutText({
    ...{ 'there already': kept, expired, 'larger than the size limit': tooLarge },
    ...{ 'of types that the codec does not keep': unfit, 'damaged where they came from': broken },
  })
  remark(`imported ${counted(stored, 'entry', 'entries')}${rest}`)
  if (isAborted && checkpoint !== undefined)
    return remark(`broken off: the same command goes on from "${escapeControls(checkpoint)}"`)
  if (evicted > 0)
    remark(`${counted(evicted, 'entry', 'entries')} went again: there was no room within the limits`)
  if (isUnfinished) remark('the export has no end: it was broken off, and there may have been more')
  const missing = missingEntries(result)
  if (missing !== 0)
    remark(`the export tells of ${formatCount(Math.abs(missing))} ${missing > 0 ? 'more' : 'fewer'}`)
  // Of these, those that are broken were begun, and are told of above.
  const damaged = Math.max(0, (end?.damaged ?? 0) - broken)
  const leftOut = leftOutText({ damaged, 'pickled by Python': end?.python ?? 0 })
  if (leftOut !== '') remark(`the export is not all that was there${leftOut}`)
  if (tooLarge + unfit + broken + damaged + evicted > 0 || isUnfinished || missing !== 0)
    process.exitCode = ExitCode.found
}

/** Returns how many entries the last line tells of that were not there. */
function missingEntries({ counts: { broken }, entries, end }: ImportResult): number {
  return end === undefined ? 0 : end.entries - (entries - broken)
}

function parseShards(text: string): number {
  const shards = Number(text)
  if (Number.isInteger(shards) && shards >= 1 && shards <= MOST_SHARDS) return shards
  throw new Failure(`"${text}" is not a number of shards: write one from 1 to ${formatCount(MOST_SHARDS)}`)
}
