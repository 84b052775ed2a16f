import { checkIterable, isOptions } from '../checks/argument-check.ts'
import type { Key, KeyedEntry, WriteOptions } from '../contract/entry.ts'
import type { NamespaceOptions } from '../contract/namespace-options.ts'
import type { QueueOptions } from '../contract/operation-options.ts'
import { NamespaceKeys } from './namespace-keys.ts'
import { WriteDefaults } from './write-defaults.ts'

/** What a namespace is: its keys, and what it adds to writes. */
export class NamespaceScope {
  /** The keys, and the strings that the whole has for them. */
  readonly keys: NamespaceKeys
  /** What is added to the options of writes. */
  readonly defaults: WriteDefaults

  /** Takes both; {@link NamespaceScope.of} makes them from a name. */
  constructor(keys: NamespaceKeys, defaults = new WriteDefaults()) {
    this.keys = keys
    this.defaults = defaults
  }

  /**
   * Returns the scope of a namespace of a whole store.
   *
   * @throws TypeError, RangeError for what is no name, and an unknown or illegal option
   */
  static of(name: string, options?: NamespaceOptions): NamespaceScope {
    return scopeOf(new NamespaceKeys('')).nested(name, options)
  }

  /**
   * Returns the scope of a namespace within this one, which has these defaults unless it has others.
   *
   * @throws TypeError, RangeError for what is no name, and an unknown or illegal option
   */
  nested(name: string, options?: NamespaceOptions): NamespaceScope {
    return scopeOf(this.keys.nested(name), this.defaults.nested(options))
  }

  /** The same keys, without what is added to writes. */
  get plain(): NamespaceScope {
    return scopeOf(this.keys)
  }

  /**
   * Returns options with the prefix of the whole's keys in place of that of the namespace's; what is none as it is, for
   * the whole, which refuses it.
   */
  within<O extends { prefix?: string | undefined }>(options: O | undefined): O & { prefix: string } {
    if (!isOptions(options)) return options
    return { ...(options as O), prefix: this.keys.withPrefix(options?.prefix) }
  }

  /** Returns the strings of keys; throws `TypeError` for what is none. */
  texts(keys: Iterable<Key>): string[] {
    checkIterable('keys', keys)
    return Array.from(keys, (key) => this.keys.encode(key))
  }

  /** Returns what `setMany` is given, for the whole, which refuses what is no entry. */
  *entries<V>(
    entries: Iterable<readonly [Key, V, WriteOptions?]>,
  ): Generator<readonly [string, V, WriteOptions?]> {
    checkIterable('entries', entries)
    for (const entry of entries) {
      if (!Array.isArray(entry)) yield entry as never
      const [key, value, own] = entry
      const text = this.keys.encode(key)
      yield own === undefined ? [text, value] : [text, value, this.defaults.writeOfMany(own)]
    }
  }

  /** Returns options with the prefix of the queue of the whole that has the items of this one's; what is none as it is. */
  queue<O extends QueueOptions>(options: O | undefined): O {
    if (!isOptions(options)) return options
    return { ...(options as O), prefix: this.keys.queuePrefix(options?.prefix) }
  }

  /** Returns the key of an item of a queue. */
  item(text: number | string): number | string {
    return this.keys.decode(text as string) as number | string
  }

  /** Returns an item of a queue of the whole with its key here. */
  keyed<V>(found: KeyedEntry<number | string, V> | undefined): KeyedEntry<number | string, V> | undefined {
    return found && { ...found, key: this.item(found.key) }
  }
}

/** Makes a scope. A class that names itself is bundled under another name. */
function scopeOf(keys: NamespaceKeys, defaults?: WriteDefaults): NamespaceScope {
  return new NamespaceScope(keys, defaults)
}
