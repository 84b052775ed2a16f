/** Metadata of each kind, each after what it is. */
export const METADATA: readonly (readonly [what: string, metadata: unknown])[] = [
  ['an object', { type: 'text/html', date: new Date(1_700_000_000_000), links: ['/a', '/b'], size: 7n }],
  ['a map', new Map([['accept', new Set(['gzip'])]])],
  ['a text', 'text/html; charset="utf-8" €'],
  ['an empty text', ''],
  ['a number', 0],
  ['a fraction', 0.5],
  ['a bigint', 2n ** 60n],
  ['null', null],
  ['false', false],
  ['bytes', Buffer.from([0, 1, 255])],
  ['no bytes', Buffer.alloc(0)],
  ['a long text', 'x'.repeat(65_000)],
]

/** The lengths of bodies, in bytes, that engines keep in different ways. */
export const BODY_LENGTHS: readonly number[] = [0, 10, 40_000, 300_000]

/** Returns a body that says which write it is of, everywhere in it, and its metadata. */
export function stampedWrite(number: number, length: number): { body: Buffer; metadata: { number: number } } {
  return { body: Buffer.alloc(length, `${number} `.padStart(8)), metadata: { number } }
}

/** Gives bytes as a source of a few chunks. */
export async function* inChunks(bytes: Buffer): AsyncGenerator<Uint8Array> {
  const step = Math.ceil(bytes.length / 3) || 1
  for (let at = 0; at < bytes.length; at += step) yield bytes.subarray(at, at + step)
}
