import { statSync } from 'node:fs'
import type { ListedEntry } from '@diskcache/core'
import type { Command } from 'commander'
import { keyOfEncoded, shownKey } from '../../reading/key-id.ts'
import { escapeControls } from '../../terminal/escape.ts'
import { ExitCode, Failure, fileFailure } from '../../terminal/failure.ts'
import { remark, write } from '../../terminal/output.ts'
import { Progress } from '../../terminal/progress.ts'
import { counted } from '../../terminal/sizes.ts'
import { ExportFile } from '../../transfer/export/export-file.ts'
import { Export, type ExportFilter, type LeftOut } from '../../transfer/export/exporting.ts'
import { openSource } from '../../transfer/stores/open-source.ts'
import type { Source } from '../../transfer/stores/source.ts'
import { withExamples } from '../arguments/examples.ts'
import { type TagType, tagOf, tagTypeOption } from '../arguments/key-argument.ts'
import { takesTarget } from '../arguments/with-target.ts'
import { leftOutText } from './left-out.ts'
import { withInterruption } from './with-interruption.ts'

interface ExportOptions {
  readonly output?: string
  readonly prefix?: string
  readonly tag?: string
  readonly tagType: TagType
  readonly resume?: boolean
  readonly skipPython?: boolean
}

/** So many entries that are left out are named; more are only counted. */
const MOST_NAMED = 20

const WHY: Readonly<Record<LeftOut, string>> = {
  python: 'Python pickled it',
  damaged: 'it is damaged, or cannot be read here',
}

/** Adds `export`. */
export function addExport(program: Command): void {
  const text =
    'write all entries as lines of JSON, for import; what others change meanwhile is in it or not: copy is for one moment'
  const command = takesTarget(program.command('export').description(text))
    .option('-o, --output <file>', 'write to a file, which is there when it is whole')
    .option('--prefix <prefix>', 'only those whose key begins so')
    .option('--tag <tag>', 'only those with this tag')
    .addOption(tagTypeOption())
    .option('--resume', 'go on with the unfinished file of an export that was broken off')
    .option('--skip-python', 'what Python pickled is left out, and that is well')
    .action((name: string, options: ExportOptions) =>
      withInterruption((signal) => exportEntries(name, options, signal)),
    )
  withExamples(command, [
    ['export ./cache --output entries.ndjson', 'to a file'],
    ['export ./cache --output entries.ndjson --resume', 'on from where it was broken off'],
    ['export ./cache --tag users | diskcache import ./users', 'from one to another'],
  ])
}

async function exportEntries(name: string, options: ExportOptions, signal: AbortSignal): Promise<void> {
  const { output, resume = false, prefix } = options
  if (resume && output === undefined) throw new Failure('--resume needs the --output that was broken off')
  const filter = { prefix, tag: options.tag === undefined ? undefined : tagOf(options.tag, options.tagType) }
  const source = await openSource(name)
  try {
    if (output === undefined) return await toStandardOutput(source, filter, options, signal)
    await toFile(source, filter, { ...options, output, resume }, signal)
  } finally {
    await source.close()
  }
}

async function toStandardOutput(
  source: Source,
  filter: ExportFilter,
  options: ExportOptions,
  signal: AbortSignal,
): Promise<void> {
  using progress = new Progress('exporting')
  const entries = exportOf(source, filter, progress)
  for await (const lines of entries.lines()) {
    if (signal.aborted) return
    await write(lines)
  }
  finish(entries, options, progress)
}

async function toFile(
  source: Source,
  filter: ExportFilter,
  options: ExportOptions & { readonly output: string; readonly resume: boolean },
  signal: AbortSignal,
): Promise<void> {
  const { output, resume } = options
  if (resume && !source.isOrdered)
    throw new Failure(
      'an export of Redis, which has no order, cannot go on; begin it again, without --resume',
    )
  if (statSync(output, { throwIfNoEntry: false })?.isDirectory())
    throw new Failure(`"${output}" is a directory; name a file in it`)
  const file = await (resume ? ExportFile.resume(output, source, filter) : ExportFile.create(output))
  using progress = new Progress('exporting')
  const entries = exportOf(source, { ...filter, after: file.after }, progress)
  try {
    for await (const lines of entries.lines()) {
      await file.write(lines)
      if (!signal.aborted) continue
      progress.stop()
      return remark(
        `broken off: "${escapeControls(await file.leave())}" is unfinished; --resume goes on with it`,
      )
    }
    await file.finish()
  } catch (error) {
    await file.leave().catch(() => {})
    const again = source.isOrdered ? 'go on with --resume' : `remove "${output}.unfinished", and begin again`
    throw fileFailure(error, output, `make room, and ${again}`)
  }
  finish(entries, options, progress)
}

function exportOf(
  source: Source,
  options: ConstructorParameters<typeof Export>[1],
  progress: Progress,
): Export {
  let count = 0
  // The store gives keys as they are stored.
  const onLeftOut = ({ encodedKey }: ListedEntry, why: LeftOut) => {
    if (++count > MOST_NAMED) return
    progress.stop()
    remark(`left out ${escapeControls(shownKey(keyOfEncoded(encodedKey), encodedKey))}: ${WHY[why]}`)
    if (count === MOST_NAMED) remark('more that are left out are only counted')
  }
  const onProgress = (done: number, total: number) => progress.update(done, total)
  return new Export(source, { ...options, onLeftOut, onProgress })
}

function finish({ counts }: Export, { skipPython = false }: ExportOptions, progress: Progress): void {
  progress.stop()
  const { entries, python, damaged, expired } = counts
  const rest = leftOutText({ 'pickled by Python': python, damaged, expired })
  remark(`exported ${counted(entries, 'entry', 'entries')}${rest}`)
  if (damaged > 0 || (python > 0 && !skipPython)) process.exitCode = ExitCode.found
}
