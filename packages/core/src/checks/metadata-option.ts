import type { WriteOptions } from '../contract/entry.ts'
import type { StreamWriteOptions } from '../contract/operation-options.ts'
import { checkOptions } from './argument-check.ts'
import { STREAM_WRITE_OPTION_NAMES } from './write-options.ts'

/** Returns `metadata` and the other options of `write`; throws `TypeError` for an unknown one. */
export function splitMetadata(
  options: StreamWriteOptions | undefined,
): [metadata: unknown, write: WriteOptions | undefined] {
  if (options === undefined) return [undefined, undefined]
  checkOptions('the write options', options, STREAM_WRITE_OPTION_NAMES)
  const { metadata, ...write } = options
  return [metadata, write]
}
