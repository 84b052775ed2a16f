import { checkName, checkString } from '../checks/argument-check.ts'
import type { EncodedKey } from '../codec/columns.ts'
import { Disk } from '../codec/disk.ts'
import { keyFromText, keyText } from '../codec/key-text.ts'
import { QUEUE_KEYS } from '../codec/queue-keys.ts'
import type { Key } from '../contract/entry.ts'

/** Begins what stands for a key that is no string, or for a string that begins with it (format page, "Namespaces"). */
const MARKER = '#'
const MARKER_CODE = MARKER.charCodeAt(0)

/** An item of a queue without prefix, as the whole makes the keys of one with the prefix `#`. */
const QUEUE_ITEM = /^-[0-9]{15}$/

/** What would end a name elsewhere or make a marker of its beginning, and what has no UTF-8 form. */
const SPECIAL_IN_NAME = /[%:#\p{Surrogate}]/gu

const disk = new Disk()

/**
 * The keys of a namespace, and the strings under which the whole has them: those that begin with its prefix. Equal keys
 * have equal strings, others have others.
 */
export class NamespaceKeys {
  /** What all of its strings begin with, and those of no other namespace that is not within this one. */
  readonly prefix: string

  /** Takes the prefix, which ends with a colon. */
  constructor(prefix: string) {
    this.prefix = prefix
  }

  /** Returns those of a namespace within this one; throws `TypeError` or `RangeError` for what is no name. */
  nested(name: string): NamespaceKeys {
    return keysWith(`${this.prefix}${nameText(checkName(name))}:`)
  }

  /**
   * Returns the string of a key.
   *
   * @throws TypeError for what cannot be a key
   */
  encode(key: Key): string {
    if (typeof key === 'string' && key.charCodeAt(0) !== MARKER_CODE && key.isWellFormed())
      return this.prefix + key
    return this.prefix + MARKER + markedText(disk.encodeKey(key))
  }

  /** Returns the key of a string with the prefix; `undefined` for one that is no key's, which others have stored. */
  decode(text: string): Key | undefined {
    if (text.charCodeAt(this.prefix.length) !== MARKER_CODE) return text.slice(this.prefix.length)
    const marked = text.slice(this.prefix.length + 1)
    try {
      const key = QUEUE_ITEM.test(marked) ? Number(marked.slice(1)) : disk.decodeKey(keyFromText(marked))
      return this.encode(key) === text ? key : undefined
    } catch {
      return undefined
    }
  }

  /**
   * Returns what the strings of all keys begin with that are strings with this prefix; without one, or with `''`, those of
   * all keys.
   *
   * @throws TypeError for what is no string
   */
  withPrefix(prefix = ''): string {
    const isMarked = checkString('prefix', prefix).charCodeAt(0) === MARKER_CODE
    return isMarked ? `${this.prefix}${MARKER}s${prefix}` : this.prefix + prefix
  }

  /** Returns the prefix of the whole's queue that has the items of one with this prefix, or without one. */
  queuePrefix(prefix: string | undefined): string {
    return prefix === undefined ? this.prefix + MARKER : this.withPrefix(prefix)
  }
}

/** Returns a name as it stands before the colon, without colons; each special character is one UTF-16 code unit. */
export function nameText(name: string): string {
  return name.replace(
    SPECIAL_IN_NAME,
    (character) => `%${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function markedText(encoded: EncodedKey): string {
  const { key } = encoded
  return typeof key === 'bigint' && key >= QUEUE_KEYS.min && key <= QUEUE_KEYS.max
    ? `-${key}`
    : keyText(encoded)
}

/** Makes keys. A class that names itself is bundled under another name. */
function keysWith(prefix: string): NamespaceKeys {
  return new NamespaceKeys(prefix)
}
