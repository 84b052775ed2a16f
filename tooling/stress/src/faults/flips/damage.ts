import type { Random } from '../../../../../packages/cache/tests/processes/random.ts'
import type { Snapshot } from './snapshot.ts'

/** Which files of a directory are damaged: the database, its log, or a value file. */
export const TARGETS = ['db', 'wal', 'file'] as const
export type Target = (typeof TARGETS)[number]

export interface Damaged {
  readonly snapshot: Snapshot
  readonly kind: string
  /** One sentence: which file, what, where. */
  readonly text: string
}

interface Change {
  readonly bytes: Buffer
  readonly text: string
}

/** How the pages of a kind of file lie in it. */
interface Pages {
  readonly start: number
  readonly size: number
}

type Harm = (bytes: Buffer, random: Random, pages: Pages) => Change

const PATTERNS: Readonly<Record<Target, RegExp>> = {
  db: /(^|\/)cache\.db$/,
  wal: /(^|\/)cache\.db-wal$/,
  file: /\.val$/,
}

/** The log has a head of 32 bytes, and before each page 24 more. Both heads say how large a page is. */
const PAGES: Readonly<Record<Target, (bytes: Buffer) => Pages>> = {
  db: (bytes) => ({ start: 0, size: bytes.readUInt16BE(16) }),
  wal: (bytes) => ({ start: 32, size: bytes.readUInt32BE(8) + 24 }),
  file: () => ({ start: 0, size: 512 }),
}

const HARMS: Readonly<Record<string, Harm>> = {
  'one bit': (bytes, random) => flipBits(bytes, random, 1),
  'some bits': (bytes, random) => flipBits(bytes, random, 2 + random.below(7)),
  'some bytes': changeBytes,
  truncated: truncate,
  'zeroed page': zeroPage,
  'exchanged pages': exchangePages,
}

/** Half of all damage is one bit. */
const SINGLE = 'one bit'
const SEVERAL = ['some bits', 'some bytes']
const LARGE = ['truncated', 'zeroed page', 'exchanged pages']
/** What happens to value files only. */
const BETWEEN_FILES = ['exchanged files', 'another file']

/** The sizes of a database's and a log's head: one flip in eight is there, although it is a small part of the file. */
const HEAD = 128
const HEAD_CHANCE = 1 / 8

export function hasTarget(snapshot: Snapshot, target: Target): boolean {
  return [...snapshot.keys()].some((path) => PATTERNS[target].test(path))
}

/** Damages one file of a snapshot, which itself stays as it is; the random numbers decide everything. */
export function damage(snapshot: Snapshot, target: Target, random: Random): Damaged {
  for (;;) {
    const damaged = tryDamage(snapshot, target, random)
    // Zeros where zeros were, or a page exchanged with itself, are none.
    if ([...snapshot].some(([path, bytes]) => !damaged.snapshot.get(path)?.equals(bytes))) return damaged
  }
}

function tryDamage(snapshot: Snapshot, target: Target, random: Random): Damaged {
  const paths = pathsOf(snapshot, target)
  const path = random.pick(paths)
  const kind = chooseKind(target, random)
  if (BETWEEN_FILES.includes(kind)) return betweenFiles(snapshot, kind, path, paths, random)
  const harm = HARMS[kind] as Harm
  const whole = snapshot.get(path) as Buffer
  const { bytes, text } = harm(Buffer.from(whole), random, PAGES[target](whole))
  return { snapshot: new Map(snapshot).set(path, bytes), kind, text: `${path}: ${text}` }
}

/** In an order that is the same for every template: value files have random names, and are sorted by what is in them. */
function pathsOf(snapshot: Snapshot, target: Target): string[] {
  const files = [...snapshot].filter(([path]) => PATTERNS[target].test(path))
  if (target === 'file') files.sort(([, a], [, b]) => a.compare(b))
  return files.map(([path]) => path)
}

function chooseKind(target: Target, random: Random): string {
  const where = random.next()
  if (where < 0.5) return SINGLE
  if (where < 0.75) return random.pick(SEVERAL)
  return random.pick(target === 'file' ? [...LARGE, ...BETWEEN_FILES, ...BETWEEN_FILES] : LARGE)
}

function positionIn(bytes: Buffer, random: Random): number {
  const isInHead = random.chance(HEAD_CHANCE)
  return random.below(isInHead ? Math.min(HEAD, bytes.length) : bytes.length)
}

function flipBits(bytes: Buffer, random: Random, count: number): Change {
  const bits = Array.from({ length: count }, () => [positionIn(bytes, random), random.below(8)] as const)
  for (const [position, bit] of bits) bytes[position] = (bytes[position] as number) ^ (1 << bit)
  return { bytes, text: `bits ${bits.map(([position, bit]) => `${position}.${bit}`).join(', ')}` }
}

function changeBytes(bytes: Buffer, random: Random): Change {
  const start = positionIn(bytes, random)
  const length = Math.min(2 + random.below(31), bytes.length - start)
  for (let i = start; i < start + length; i++) bytes[i] = random.below(256)
  return { bytes, text: `${length} bytes at ${start}` }
}

function truncate(bytes: Buffer, random: Random, { start, size }: Pages): Change {
  const whole = start + size * random.below(Math.ceil(bytes.length / size))
  const length = Math.min(random.pick([random.below(bytes.length), whole, bytes.length - 1]), bytes.length)
  return { bytes: bytes.subarray(0, length), text: `cut from ${bytes.length} to ${length} bytes` }
}

function zeroPage(bytes: Buffer, random: Random, pages: Pages): Change {
  const [first, last] = pageAt(bytes, random, pages)
  bytes.fill(0, first, last)
  return { bytes, text: `zeros from ${first} to ${last}` }
}

function exchangePages(bytes: Buffer, random: Random, pages: Pages): Change {
  const [first, end] = pageAt(bytes, random, pages)
  const [second] = pageAt(bytes, random, pages)
  const length = Math.min(end - first, bytes.length - second)
  const held = Buffer.from(bytes.subarray(first, first + length))
  bytes.copy(bytes, first, second, second + length)
  held.copy(bytes, second)
  return { bytes, text: `pages at ${first} and ${second} exchanged` }
}

function pageAt(bytes: Buffer, random: Random, { start, size }: Pages): readonly [number, number] {
  const count = Math.max(1, Math.floor((bytes.length - start) / size))
  const first = start + size * random.below(count)
  return [first, Math.min(first + size, bytes.length)]
}

/** Two files exchanged, or one in the place of another; where it can be, of the same length. */
function betweenFiles(
  snapshot: Snapshot,
  kind: string,
  path: string,
  paths: readonly string[],
  random: Random,
): Damaged {
  const bytes = snapshot.get(path) as Buffer
  const others = paths.filter((other) => other !== path)
  const alike = others.filter((other) => snapshot.get(other)?.length === bytes.length)
  const other = random.pick(alike.length > 0 && !random.chance(1 / 4) ? alike : others)
  const changed = new Map(snapshot).set(path, snapshot.get(other) as Buffer)
  if (kind === 'exchanged files') changed.set(other, bytes)
  return { snapshot: changed, kind, text: `${path}: ${kind}, the other is ${other}` }
}
