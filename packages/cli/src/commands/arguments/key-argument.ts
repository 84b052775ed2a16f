import type { Key, Tag } from '@diskcache/core'
import { Option } from 'commander'
import { InexactNumber, parseExactJson } from '../../reading/exact-json.ts'
import { keyOfId } from '../../reading/key-id.ts'
import { tagOfId } from '../../reading/tag-id.ts'
import { Failure } from '../../terminal/failure.ts'

/** How a key on the command line is read. */
export type KeyType = 'string' | 'number' | 'json' | 'id'

/** How a tag on the command line is read. */
export type TagType = 'string' | 'number' | 'id'

/** Returns the option that says how keys are read. */
export function keyTypeOption(): Option {
  const text = 'what a key is: text, a number, JSON, or an id of keys --json'
  return new Option('--key-type <type>', text).choices(['string', 'number', 'json', 'id']).default('string')
}

/** Returns the option that says how tags are read. */
export function tagTypeOption(): Option {
  const text = 'what a tag is: text, a number, or an id of tags --json'
  return new Option('--tag-type <type>', text).choices(['string', 'number', 'id']).default('string')
}

/**
 * Returns the key that is meant.
 *
 * @throws Failure for what is not of the type
 */
export function keyOf(text: string, type: KeyType): Key {
  if (type === 'string') return text
  if (type === 'number') return numberOf(text)
  return type === 'json' ? (parseJson(text, 'key') as Key) : keyOfId(text)
}

/**
 * Returns the tag that is meant.
 *
 * @throws Failure for what is not of the type
 */
export function tagOf(text: string, type: TagType): Tag {
  if (type === 'string') return text
  return type === 'id' ? tagOfId(text) : Number(numberOf(text))
}

/**
 * Returns what JSON says.
 *
 * @throws Failure for what is not JSON, or has a number that would be another one
 */
export function parseJson(text: string, what: string): unknown {
  try {
    return parseExactJson(text)
  } catch (error) {
    if (error instanceof InexactNumber) throw new Failure(`the ${what} cannot be kept: ${error.message}`)
    const hint = `a text in JSON has double quotes, which the shell takes away unless they are quoted, too`
    throw new Failure(`the ${what} is not JSON: ${(error as Error).message}; ${hint}`)
  }
}

/** An integer that a number would round is a bigint. */
function numberOf(text: string): number | bigint {
  const number = text.trim() === '' ? Number.NaN : Number(text)
  if (Number.isNaN(number)) throw new Failure(`"${text}" is not a number`)
  return /^-?\d+$/.test(text) && !Number.isSafeInteger(number) ? BigInt(text) : number
}
