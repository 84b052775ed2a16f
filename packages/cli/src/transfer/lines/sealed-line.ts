import { isUtf8 } from 'node:buffer'
import { bytesSum } from '@diskcache/core'
import { InexactNumber, parseExactJson } from '../../reading/exact-json.ts'

/** The digits of a checksum of 52 bits. */
const SUM_DIGITS = 13

/** What a line with a checksum ends with, before its newline. */
const SEAL = new RegExp(`^,"sum":"([0-9a-f]{${SUM_DIGITS}})"\\}$`)
const SEAL_LENGTH = ',"sum":""}'.length + SUM_DIGITS

/** A line as it is written, and its checksum, from which that of a part goes on. */
export interface SealedLine {
  readonly bytes: Buffer
  readonly sum: number
}

/** The members of a line that was read, without its checksum, and that. */
export interface OpenedLine {
  readonly members: Readonly<Record<string, unknown>>
  readonly sum: number
}

/** A line that no export wrote, or that has changed since. */
export class WrongLine extends Error {}

/**
 * Returns a line with these members, which has its checksum at its end: of all bytes before, with `seed`, which ties a part
 * of a value to the line before.
 */
export function sealLine(members: string, seed = 0): SealedLine {
  const body = Buffer.from(members.slice(0, -1), 'utf8')
  const sum = bytesSum(body, seed)
  const seal = `,"sum":"${sum.toString(16).padStart(SUM_DIGITS, '0')}"}\n`
  return { bytes: Buffer.concat([body, Buffer.from(seal, 'latin1')]), sum }
}

/**
 * Returns the members of a line, which is given without its newline. A line without a checksum is refused where all have
 * one.
 *
 * @throws WrongLine for one that is not JSON, or does not agree with its checksum
 */
export function openLine(line: Buffer, isSealed: boolean, seed = 0): OpenedLine {
  const body = line.subarray(0, -SEAL_LENGTH)
  const digits = SEAL.exec(line.toString('latin1', Math.max(0, line.length - SEAL_LENGTH)))?.[1]
  if (digits === undefined && isSealed)
    throw new WrongLine('it is cut off or was changed: it does not end with its sum')
  const sum = digits === undefined ? 0 : bytesSum(body, seed)
  if (digits !== undefined && sum !== Number.parseInt(digits, 16))
    throw new WrongLine(
      'it was changed: its bytes do not agree with its sum; where that is meant, leave out "sum", and "sums" of the first line',
    )
  const { sum: seal, ...members } = parse(line, digits !== undefined)
  if (seal !== undefined && digits === undefined) throw new WrongLine('its sum does not stand at its end')
  return { members, sum }
}

/** An export has written the numbers of a line that is sealed; others may have any. */
function parse(line: Buffer, isSealed: boolean): Record<string, unknown> {
  if (!isUtf8(line)) throw new WrongLine('it is no UTF-8')
  let parsed: unknown
  try {
    const text = line.toString('utf8')
    parsed = isSealed ? JSON.parse(text) : parseExactJson(text)
  } catch (error) {
    throw new WrongLine(error instanceof InexactNumber ? `its ${error.message}` : 'it is no JSON')
  }
  if (isObject(parsed)) return parsed
  throw new WrongLine('it is no JSON object')
}

/** Returns whether a value is an object of JSON, and no array. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Throws `WrongLine` for a member of another name: what it means is not known here. */
export function checkMembers(members: object, names: readonly string[]): void {
  const other = Object.keys(members).find((name) => !names.includes(name))
  if (other !== undefined)
    throw new WrongLine(`it has a member that is unknown here: ${JSON.stringify(other)}`)
}
