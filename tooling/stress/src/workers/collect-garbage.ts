import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')

/**
 * Left to itself, V8 lets buffers that nobody needs pile up to many megabytes; then nothing could be told of those that
 * somebody keeps.
 */
export const collectGarbage: () => void = runInNewContext('gc')
