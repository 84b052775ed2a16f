import { checkMembers, WrongLine } from './sealed-line.ts'
import { bytesOfBase64 } from './stored-value.ts'

/** The bytes of a value from which on it goes in parts. */
export const MOST_BYTES_ON_A_LINE = 2 ** 20

/** The bytes of a part: 256 KiB of base64. */
export const PART_BYTES = 3 * 2 ** 16

/** A part of a value; the last one says how it ended, and may have no bytes. */
export interface Part {
  readonly number: number
  readonly bytes: Buffer
  /** `whole` after the last byte, `broken` where the rest could not be read: there is no such entry then. */
  readonly end?: 'whole' | 'broken' | undefined
}

/** Returns the line of a part, without its checksum. */
export function partLine({ number, bytes, end }: Part): string {
  const ending = end === undefined ? '' : `,"end":"${end}"`
  return `{"part":${number},"base64":"${bytes.toString('base64')}"${ending}}`
}

/** Returns the part of a line, which must have this number; throws `WrongLine` for what is none. */
export function linePart(members: Readonly<Record<string, unknown>>, number: number): Part {
  const { part, base64, end } = members
  if (part !== number) throw new WrongLine(`part ${number} of a value should stand here`)
  checkMembers(members, ['part', 'base64', 'end'])
  if (end !== undefined && end !== 'whole' && end !== 'broken')
    throw new WrongLine('"end" is neither "whole" nor "broken"')
  return { number, bytes: bytesOfBase64(base64), end }
}
