import { packNodes, packUnknown, sharedThenLeftOver } from './msgpack.ts'
import type { RawRow } from './raw-database.ts'

export interface ValueCase {
  readonly what: string
  readonly row: RawRow
  /** How `get` ends: a miss, or an error's code; left out where any value will do. */
  readonly get?: string | null
}

const MISS = 'a miss'
const ANY = null

const packed = (what: string, value: unknown, get: string | null = MISS): ValueCase => {
  return { what: `bytes that are ${what}`, row: { mode: 5n, value }, get }
}

const table = (what: string, nodes: unknown, get: string | null = MISS): ValueCase => {
  return { what: `a table of nodes with ${what}`, row: { mode: 5n, value: packNodes(nodes) }, get }
}

export const VALUE_CASES: readonly ValueCase[] = [
  { what: 'a negative size', row: { value: 'inline', size: -5n } },
  {
    what: 'a negative size of a file',
    row: { mode: 2n, filename: `ab/cd/${'0'.repeat(28)}.val`, size: -5n },
    get: MISS,
  },
  {
    what: 'a size of 2^62',
    row: { mode: 2n, filename: `ab/cd/${'0'.repeat(28)}.val`, size: 2n ** 62n },
    get: MISS,
  },
  { what: 'a size that is no integer', row: { value: 'inline', size: 1.5 } },
  { what: 'a size that is text', row: { value: 'inline', size: 'abc' } },
  { what: 'sizes that overflow their sum', row: { value: 'inline', size: 2n ** 63n - 1n } },
  ...[2n, 3n, 6n].flatMap((mode) =>
    [null, 5n, 0.5, 'text'].map((value) => ({
      what: `mode ${mode}, of files, and ${value} in the row`,
      row: { mode, value },
      get: MISS,
    })),
  ),
  { what: 'mode 99', row: { mode: 99n, value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  { what: 'mode 0', row: { mode: 0n, value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  { what: 'mode -1', row: { mode: -1n, value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  { what: 'mode NULL', row: { mode: null, value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  { what: 'a mode that is text', row: { mode: 'abc', value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  { what: 'mode 1.5', row: { mode: 1.5, value: 'inline' }, get: 'ERR_DISKCACHE_FORMAT' },
  {
    what: 'a pickle',
    row: { mode: 4n, value: Buffer.from('cos\nsystem\n.') },
    get: 'ERR_DISKCACHE_FOREIGN_VALUE',
  },
  { what: 'an expiry that is text', row: { value: 'inline', expireTime: 'abc' } },
  { what: 'an expiry that is a blob', row: { value: 'inline', expireTime: Buffer.from('abc') } },
  { what: 'an expiry that is an empty text', row: { value: 'inline', expireTime: '' } },
  { what: 'an expiry that is no bytes', row: { value: 'inline', expireTime: Buffer.alloc(0) } },
  {
    what: 'an infinite size of a file',
    row: { mode: 2n, filename: `ab/cd/${'0'.repeat(28)}.val`, size: Infinity },
    get: MISS,
  },
  { what: 'an infinite expiry', row: { value: 'inline', expireTime: Infinity } },
  { what: 'raw 7', row: { value: 'inline', raw: 7n } },
  { what: 'raw NULL', row: { value: 'inline', raw: null } },
  { what: 'raw 0 and a key that is an integer', row: { value: 'inline', raw: 0n, key: 5n } },
  { what: 'raw 2 and a key that is text', row: { value: 'inline', raw: 2n, key: 'text' } },
  { what: 'a canonical key that is empty', row: { value: 'inline', raw: 2n, key: Buffer.alloc(0) } },
  {
    what: 'a canonical key of garbage',
    row: { value: 'inline', raw: 2n, key: Buffer.from('c1ff00', 'hex') },
  },
  {
    what: 'a canonical key nested 100,000 deep',
    row: { value: 1n, raw: 2n, key: Buffer.alloc(100_000, 0x91) },
  },
  {
    what: 'a canonical key of 2^32 items',
    row: { value: 1n, raw: 2n, key: Buffer.from('ddffffffff', 'hex') },
  },
  {
    what: 'a canonical key of 2^32 properties',
    row: { value: 1n, raw: 2n, key: Buffer.from('dfffffffff', 'hex') },
  },
  {
    what: 'a canonical key of 2^32 bytes',
    row: { value: 1n, raw: 2n, key: Buffer.from('c6ffffffff00', 'hex') },
  },
  {
    what: 'a canonical key that is an integer of 300,000 digits',
    row: {
      value: 1n,
      raw: 2n,
      key: Buffer.concat([Buffer.from('c9000493e002', 'hex'), Buffer.alloc(300_000, '9')]),
    },
  },
  { what: 'a mode of files without a file', row: { mode: 2n, value: 'inline' } },
  { what: 'text that is not UTF-8, in a file mode', row: { mode: 3n, value: Buffer.from('ff', 'hex') } },
  packed('text', 'text'),
  packed('NULL', null),
  packed('an integer', 5n),
  packed('none', Buffer.alloc(0)),
  packed('garbage', Buffer.from('ff00ff00c1', 'hex')),
  packed('0xC1', Buffer.from('c1', 'hex')),
  packed('0xC1 twice', Buffer.from('c1c1', 'hex')),
  packed('nested headers of arrays, 72 KB', Buffer.alloc(72_000, Buffer.from('dcffff', 'hex'))),
  packed('nested headers of long arrays', Buffer.alloc(72_000, Buffer.from('dd00ffffff', 'hex'))),
  packed('nested headers of objects', Buffer.alloc(72_000, Buffer.from('deffff', 'hex'))),
  packed('arrays nested a million deep', Buffer.alloc(1_000_000, 0x91)),
  packed('objects nested deep', Buffer.alloc(1_000_000, Buffer.from('81a161', 'hex'))),
  packed('sets nested deep', Buffer.alloc(1_000_000, Buffer.from('d4730091', 'hex'))),
  packed('an array of 2^32 items', Buffer.from('ddffffffff', 'hex')),
  packed('an object of 2^32 properties', Buffer.from('dfffffffff', 'hex')),
  packed('a string of 2^32 bytes', Buffer.from('dbffffffff61', 'hex')),
  packed('a blob of 2^32 bytes', Buffer.from('c6ffffffff61', 'hex')),
  packed('an extension of 2^32 bytes', Buffer.from('c9ffffffff7461', 'hex')),
  packed('an unknown extension', Buffer.from('d47f00', 'hex')),
  packed('a pointer to nothing', Buffer.from('d67000000001', 'hex')),
  packed('bundled strings that lie outside', Buffer.from('d66280000000a161', 'hex')),
  packed('a record that is never ended', Buffer.from('d4724093a161a162a16301', 'hex')),
  packed('a record whose fields are a number', Buffer.from('d4724005', 'hex')),
  packed('a regular expression that is none', Buffer.from('d4780092a128a0', 'hex')),
  packed('more than the value', Buffer.from('0102', 'hex')),
  packed('shared 2^40 times, with one more', sharedThenLeftOver(40)),
  table('an index behind its end', [[2, 5]]),
  table('a negative index', [[2, -1]]),
  table('an index that is no number', [[2, 'a']]),
  table('an index that is no integer', [[2, 0.5]]),
  table('an unknown kind', [[99, 1]]),
  table('a kind that is text', [['constructor', 1]]),
  table('a node without a kind', [[]]),
  table('no node', []),
  table('no table', { a: 1 }),
  table('no table but a number', 5),
  table('an array of negative length', [[3, -1]]),
  table('an array of 2^40 items', [[3, 2 ** 40]]),
  table('an array of 2^32 - 1 items', [[3, 2 ** 32 - 1]], ANY),
  table('an array whose length is a property', [[3, 0, 1, 2], 'length', 4_000_000_000], ANY),
  table('an odd number of properties', [[4, 1], 'a']),
  table('a property called __proto__', [[4, 1, 2], '__proto__', [4, 3, 4], 'polluted', true], ANY),
  table('an odd map', [[5, 0]]),
  table('a date that is text', [[7, 'x'.repeat(100_000)]], ANY),
  table('a date that is an object', [[7, { a: 1 }]], ANY),
  table('a regular expression that is none', [[8, '(', '']]),
  table('flags that are none', [[8, 'a', 'zz']]),
  table('an unknown error', [[9, 'constructor']]),
  table('an error called __proto__', [[9, '__proto__']]),
  table('a box around null', [[10, null]], ANY),
  table('an unknown view', [[11, 'constructor', Buffer.alloc(8)]]),
  table('a view of odd length', [[11, 'Float64Array', Buffer.alloc(7)]]),
  table('bytes that are a number', [[11, 'ArrayBuffer', 2 ** 31]], ANY),
  table('bytes that are a length', [[11, 'ArrayBuffer', { length: 2 ** 31 }]], ANY),
  table('bytes that are a long sparse array', [[11, 'ArrayBuffer', { length: 2 ** 28 }]], ANY),
  table('text that is a length', [[1, { length: 2 ** 31 }]], ANY),
  table('text that is a number', [[1, 5]]),
  table('itself as its key', [[5, 0, 0]], ANY),
  {
    what: 'a table of nodes with an unknown extension',
    row: { mode: 5n, value: Buffer.concat([Buffer.of(0xc1), packUnknown()]) },
    get: MISS,
  },
]
