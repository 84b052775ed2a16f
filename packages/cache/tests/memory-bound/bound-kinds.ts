/** Entries of one kind: what the `i`th of them is. */
export interface BoundKind {
  readonly share: 'copies' | 'frozen'
  value(i: number): unknown
  readonly key?: (i: number) => string | number | Buffer
  readonly tag?: (i: number) => string
}

const SIZES = [10, 100, 1_000, 10_000]

/** Kinds of entries by name: every one that takes memory in a way of its own. */
export const BOUND_KINDS: Readonly<Record<string, BoundKind>> = {
  ...sized('text', 'copies', text),
  ...sized('wide text', 'copies', (i, size) => text(i, size).replaceAll('x', '\u65e5')),
  ...sized('bytes', 'copies', (i, size) => Buffer.from(text(i, size))),
  ...sized('object', 'copies', object),
  ...sized('frozen text', 'frozen', text),
  ...sized('frozen bytes', 'frozen', (i, size) => Buffer.from(text(i, size))),
  ...sized('frozen object', 'frozen', object),
  ...sized('frozen array of numbers', 'frozen', (i, size) =>
    Array.from({ length: size / 10 }, (_, j) => i + j / 3),
  ),
  ...sized('frozen object of names', 'frozen', (i, size) =>
    Object.fromEntries(Array.from({ length: size / 10 }, (_, j) => [`${i} ${j}`, j])),
  ),
  ...sized('frozen list of objects', 'frozen', (i, size) =>
    Array.from({ length: size / 10 }, (_, j) => ({ id: i, at: j / 3 })),
  ),
  ...sized('frozen nest', 'frozen', (i, size) => nest(i, Math.min(size / 10, 400))),
  ...sized('frozen texts', 'frozen', (i, size) => Array.from({ length: size / 10 }, (_, j) => `${i} ${j}`)),
  ...sized('frozen empty objects', 'frozen', (_, size) => Array.from({ length: size / 10 }, () => ({}))),
  'frozen bigints': { share: 'frozen', value: (i) => [(BigInt(i) ** 3n) << 8_000n] },
  number: { share: 'copies', value: (i) => i },
  'number under a number': { share: 'copies', value: (i) => i, key: (i) => i },
  'long key': { share: 'copies', value: (i) => i, key: (i) => text(i, 1_000) },
  'key of bytes': { share: 'copies', value: (i) => i, key: (i) => Buffer.from(text(i, 1_000)) },
  'long tag': { share: 'copies', value: (i) => i, tag: (i) => text(i, 1_000) },
  'wide tag': { share: 'copies', value: (i) => i, tag: (i) => text(i, 1_000).replaceAll('x', '\u65e5') },
  'ill-formed text': { share: 'copies', value: (i) => `${text(i, 1_000)}\ud800` },
  'text in a file': { share: 'copies', value: (i) => text(i, 40_000) },
  'frozen object in a file': { share: 'frozen', value: (i) => object(i, 40_000) },
}

function sized(
  name: string,
  share: BoundKind['share'],
  value: (i: number, size: number) => unknown,
): Record<string, BoundKind> {
  return Object.fromEntries(
    SIZES.map((size) => [`${name}, ${size}`, { share, value: (i) => value(i, size) }]),
  )
}

/** A text of its own of so many characters. */
function text(i: number, size: number): string {
  return `${i}`.padEnd(size, 'x')
}

function object(i: number, size: number): object {
  return { id: i, at: i / 3, text: text(i, size), isNew: true }
}

function nest(i: number, depth: number): object {
  let value: object = { id: i }
  for (let level = 0; level < depth; level++) value = { value }
  return value
}
