import { createReadStream } from 'node:fs'
import { buffer } from 'node:stream/consumers'
import type { Key, WriteOptions } from '@diskcache/core'
import type { Command } from 'commander'
import type { Target } from '../../reading/targets/target.ts'
import { parseDuration } from '../../terminal/durations.ts'
import { Failure, fileFailure } from '../../terminal/failure.ts'
import { withExamples } from '../arguments/examples.ts'
import {
  type KeyType,
  keyOf,
  keyTypeOption,
  parseJson,
  type TagType,
  tagOf,
  tagTypeOption,
} from '../arguments/key-argument.ts'
import { readSecret, secretFileOption } from '../arguments/secret-file.ts'
import { takesTarget, withTarget } from '../arguments/with-target.ts'

interface SetOptions {
  readonly json?: boolean
  readonly file?: string
  readonly ttl?: number
  readonly tag?: readonly string[]
  readonly pin?: boolean
  readonly create?: boolean
  readonly secretFile?: readonly string[]
  readonly keyType: KeyType
  readonly tagType: TagType
}

/** Adds `set`. */
export function addSet(program: Command): void {
  const command = takesTarget(
    program.command('set').description('store a value, as text unless told otherwise'),
  )
    .argument('<key>', 'the key')
    .argument('[value]', 'the value, or - for the text of the standard input')
    .option('--json', 'the value is JSON, and is stored as what it says')
    .option('--file <path>', 'the value is the bytes of this file')
    .option('--ttl <duration>', 'how long it lives: 90s, 15m, 2h, 7d, or never', parseDuration)
    .option('--tag <tag>', 'a tag; may be given several times', (tag: string, tags: string[] = []) => [
      ...tags,
      tag,
    ])
    .option('--pin', 'it is not evicted before it expires')
    .option('--create', 'make a cache where there is none')
    .addOption(keyTypeOption())
    .addOption(tagTypeOption())
    .addOption(secretFileOption())
    .action(set)
  withExamples(command, [
    ['set ./cache greeting Hello --ttl 2h --create', 'a text for two hours'],
    [`set ./cache user:1 '{"name":"Ada"}' --json --tag users --tag team:7`, 'an object with two tags'],
    ['set ./cache logo --file logo.png --pin', 'the bytes of a file'],
    ['set ./cache report - < report.txt', 'the text of the standard input'],
  ])
}

async function set(
  directory: string,
  key: string,
  value: string | undefined,
  options: SetOptions,
): Promise<void> {
  if ((value === undefined) === (options.file === undefined))
    throw new Failure('set needs either a value, - for that of the standard input, or --file PATH')
  const { ttl, pin, tag, keyType, tagType } = options
  const writeOptions = { ttl, pin, tag: tag?.map((text) => tagOf(text, tagType)) }
  const isStored = await withTarget(
    directory,
    options.create ? 'create' : 'change',
    (target) => store(target, keyOf(key, keyType), value, options, writeOptions),
    options.secretFile?.map(readSecret),
  )
  if (!isStored) throw new Failure('the value was not stored: it is larger than the size limit of the cache')
}

async function store(
  { store }: Target,
  key: Key,
  value: string | undefined,
  { file, json }: SetOptions,
  options: WriteOptions,
): Promise<boolean> {
  if (file !== undefined && !json) return store.write(key, bytesOf(file), options)
  const text = file === undefined && value !== '-' ? value! : await textOf(file)
  return store.set(key, json ? parseJson(text, 'value') : text, options)
}

async function* bytesOf(file: string): AsyncGenerator<Buffer, void, void> {
  try {
    yield* createReadStream(file)
  } catch (error) {
    throw fileFailure(error, file, 'name a file')
  }
}

/** What is not text would be stored as something else than it was. */
async function textOf(file: string | undefined): Promise<string> {
  const bytes = await buffer(file === undefined ? process.stdin : bytesOf(file))
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
  } catch {
    throw new Failure(
      'what was read is not text in UTF-8: store bytes with --file PATH, such as --file /dev/stdin',
    )
  }
}
