import { deflateSync } from 'node:zlib'

const MEBI = 1024 * 1024

export interface Bomb {
  readonly what: string
  /** A few hundred KiB. */
  readonly bytes: () => Buffer
}

/** Compressed texts that take much memory to inflate, or to parse. */
export const BOMBS: readonly Bomb[] = [
  { what: 'a gibibyte of zeros', bytes: () => deflateSync(Buffer.alloc(1024 * MEBI), { level: 9 }) },
  { what: '100 MiB of empty objects', bytes: () => deflateSync(array('{}', 100 * MEBI)) },
  { what: '100 MiB of nested arrays', bytes: () => deflateSync(Buffer.alloc(100 * MEBI, '[')) },
]

function array(item: string, length: number): Buffer {
  const bytes = Buffer.alloc(length, `,${item}`)
  bytes.write('[')
  bytes.write(']', length - 1)
  return bytes
}
