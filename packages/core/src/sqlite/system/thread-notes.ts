import { randomUUID } from 'node:crypto'
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  unlinkSync,
  writeSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DESCRIPTORS } from './shared-descriptor.ts'

/**
 * What the threads of this process tell each other: which copy of SQLite has which databases open. Threads share no
 * memory, unless their maker gives them some, but they share descriptors: each thread keeps a file without a name open
 * that says what it has open, and the others find it among the descriptors of the process. It goes with the thread.
 */

/** What such a file begins with. */
const HEADING = 'diskcache, open in this thread:'

/** The longest file that is read, in bytes. */
const MAX_BYTES = 1024 * 1024

/** Copies of SQLite by the identity of the database. */
type Notes = Record<string, string>

const own: Notes = {}
let descriptor: number | undefined
let length = 0

/** Tells the other threads that `copy` has the database open in this one. Where that fails, they are not told. */
export function tellThreads(identity: string, copy: string): void {
  own[identity] = copy
  publish()
}

/** Takes back what {@link tellThreads} told. */
export function untellThreads(identity: string): void {
  delete own[identity]
  publish()
}

/** Returns the copy other than `copy` that another thread has told to have the database open, or `undefined`. */
export function copyInOtherThread(identity: string, copy: string): string | undefined {
  // Locks of Windows belong to a handle, not to the process: there two copies see each other's.
  if (process.platform === 'win32' || !mayBeOthers(copy)) return undefined
  return descriptors()
    .filter((each) => each !== descriptor)
    .map((each) => notesIn(each)[identity])
    .find((other) => other !== undefined && other !== copy)
}

function publish(): void {
  if (process.platform === 'win32') return
  try {
    if (Object.keys(own).length > 0) write(JSON.stringify(own))
    else if (descriptor !== undefined) close(descriptor)
  } catch {
    // There may be no place for temporary files, or no descriptor left.
  }
}

/** Writes the notes over the last ones in one piece; blanks cover what those had more. */
function write(notes: string): void {
  descriptor ??= openNameless()
  const text = Buffer.from(HEADING + notes)
  length = Math.max(length, text.length)
  writeSync(
    descriptor,
    Buffer.concat([text], length).map((byte) => byte || 0x20),
    0,
    length,
    0,
  )
}

function close(open: number): void {
  descriptor = undefined
  length = 0
  closeSync(open)
}

function openNameless(): number {
  const path = join(tmpdir(), `diskcache-${randomUUID()}`)
  const opened = openSync(path, 'wx+', 0o600)
  unlinkSync(path)
  return opened
}

/**
 * Returns whether this process may have loaded another copy: a native module that lies elsewhere. Linux tells that in
 * an instant, while a process may have thousands of descriptors.
 */
function mayBeOthers(copy: string): boolean {
  if (process.platform !== 'linux') return true
  try {
    const modules = readFileSync('/proc/self/maps', 'utf8').match(/\/.*\.node(?=$| \(deleted\)$)/gm) ?? []
    return modules.some((module) => !module.startsWith(`${copy}/`))
  } catch {
    return true
  }
}

function descriptors(): number[] {
  try {
    return readdirSync(DESCRIPTORS).map(Number)
  } catch {
    return []
  }
}

/** Returns the notes in the file of a descriptor, none when it is something else. Nobody's position in it moves. */
function notesIn(other: number): Notes {
  try {
    const status = fstatSync(other)
    if (!status.isFile() || status.nlink > 0 || status.size > MAX_BYTES) return {}
    const bytes = Buffer.alloc(status.size)
    const text = bytes.toString('utf8', 0, readSync(other, bytes, 0, bytes.length, 0))
    return text.startsWith(HEADING) ? JSON.parse(text.slice(HEADING.length)) : {}
  } catch {
    // It was closed meanwhile, or is written just now.
    return {}
  }
}
