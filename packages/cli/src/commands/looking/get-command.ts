import { Disk, type Key } from '@diskcache/core'
import { type Command, Option } from 'commander'
import { idOf, shownKey } from '../../reading/key-id.ts'
import { idOfTag, shownTag } from '../../reading/tag-id.ts'
import type { Target } from '../../reading/targets/target.ts'
import { bytesOf, metadataMembers, type ValueView, viewValue } from '../../reading/value-view.ts'
import { escapeText } from '../../terminal/escape.ts'
import { Failure } from '../../terminal/failure.ts'
import { print, printJson, remark, write } from '../../terminal/output.ts'
import { formatBytes } from '../../terminal/sizes.ts'
import { withExamples } from '../arguments/examples.ts'
import { type KeyType, keyOf, keyTypeOption } from '../arguments/key-argument.ts'
import { missing } from '../arguments/missing.ts'
import { readSecret, secretFileOption } from '../arguments/secret-file.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

interface GetOptions {
  readonly keyType: KeyType
  readonly json?: boolean
  readonly raw?: boolean
  readonly stored?: boolean
  readonly secretFile?: readonly string[]
}

/** Adds `get`. */
export function addGet(program: Command): void {
  const command = takesTarget(program.command('get').description('show a value'))
    .argument('<key>', 'the key')
    .addOption(keyTypeOption())
    .option('--json', 'print the entry as JSON, with its value where JSON can hold that')
    .addOption(
      new Option('--raw', 'write the bytes of a text or of bytes, and nothing else').conflicts('json'),
    )
    .addOption(new Option('--stored', 'write the bytes as they are stored').conflicts(['json', 'raw']))
    .addOption(secretFileOption())
    .action(get)
  withExamples(command, [
    ['get ./cache user:1', 'for people'],
    ['get ./cache user:1 --json | jq .value', 'for a program'],
    ['get ./cache logo --raw > logo.png', 'the bytes'],
    ['get ./cache --key-type json \'["report",2026]\'', 'a key that is an array'],
  ])
}

async function get(directory: string, text: string, options: GetOptions): Promise<void> {
  const key = keyOf(text, options.keyType)
  const show = showerOf(options)
  const isThere = await withTarget(
    directory,
    'read',
    async (target) => (await target.store.has(key)) && (await show(target, key)),
    options.secretFile?.map(readSecret),
  )
  if (!isThere) missing(text)
}

/** Each of these resolves to whether there is such an entry still. */
function showerOf({ json, raw, stored }: GetOptions): (target: Target, key: Key) => Promise<boolean> {
  if (stored) return writeStored
  if (raw) return writeBytes
  return json ? printEntry : printValue
}

async function printValue(target: Target, key: Key): Promise<boolean> {
  const view = await viewValue(target, key)
  if (view === undefined) return false
  if (view.form === 'picture')
    remark(`This is a picture, ${view.mediaType}, of ${formatBytes(view.bytes)}; --raw gives it.`)
  else if (view.text !== '' || view.problem === undefined)
    await print(escapeText(view.text).replace(/\n$/, ''))
  if (view.isCut) remark(`This is not all of its ${formatBytes(view.bytes)}; --json has it all.`)
  refuseProblem(view)
  return true
}

async function printEntry(target: Target, key: Key): Promise<boolean> {
  const view = await viewValue(target, key, { length: Number.MAX_SAFE_INTEGER })
  if (view === undefined) return false
  const entry = view.problem === undefined ? await target.store.getEntry(key) : undefined
  const { text, isCut: _, ...others } = view
  await printJson({
    ...{
      id: idOf(key),
      key: shownKey(key, new Disk().encodeKey(key)),
      expireTime: entry?.expireTime ?? null,
    },
    tags: entry?.tags.map((tag) => ({ id: idOfTag(tag), text: shownTag(tag) })) ?? [],
    ...metadataMembers(entry?.metadata),
    ...others,
    ...(view.form === 'json'
      ? { value: JSON.parse(text) }
      : view.type === 'string'
        ? { value: text }
        : { text }),
  })
  refuseProblem(view)
  return true
}

/** What is shown of a value that cannot be read is not the value. */
function refuseProblem({ problem }: ValueView): void {
  if (problem !== undefined) throw new Failure(`${problem}; --stored gives what is stored`)
}

async function writeBytes({ store }: Target, key: Key): Promise<boolean> {
  const source = await store.read(key).catch(refuseOthers)
  if (source === undefined) return false
  for await (const chunk of source) await write(chunk)
  return true
}

/** Values of other types are a `TypeError`. */
function refuseOthers(error: unknown): never {
  if (!(error instanceof TypeError)) throw error
  throw new Failure('the value is neither text nor bytes: --json shows it, --stored gives what is stored')
}

async function writeStored({ listing }: Target, key: Key): Promise<boolean> {
  const raw = await listing.raw(key)
  if (raw === undefined) return false
  const bytes = bytesOf(raw)
  if (bytes === undefined) throw new Failure(`its file "${raw.filename}" is gone, or has another length`)
  await write(bytes)
  return true
}
