import { checkFunction, checkOptions, isOptions } from '../checks/argument-check.ts'
import { checkTtl } from '../checks/write-options.ts'
import { tagsToColumns } from '../codec/tags/tag-columns.ts'
import type { Change, Entry, Tag, Ttl, WriteOptions } from '../contract/entry.ts'
import type { NamespaceOptions } from '../contract/namespace-options.ts'

type Callback<V> = (entry: Entry<V> | undefined, now: number) => Change<V>
type TagOption = WriteOptions['tag']

/** What a namespace adds to the options of writes. */
export class WriteDefaults {
  /** The time to live of writes that give none. */
  readonly ttl: Ttl | undefined
  readonly #tags: readonly Tag[]

  constructor(ttl?: Ttl, tags: readonly Tag[] = []) {
    this.ttl = ttl
    this.#tags = tags
  }

  /**
   * Returns those of a namespace within one that has these: its own time to live, or else this one, and the tags of both.
   *
   * @throws TypeError, RangeError for an unknown or illegal option
   */
  nested(options: NamespaceOptions = {}): WriteDefaults {
    checkOptions('the options of namespace', options, ['ttl', 'tag'])
    const { ttl = this.ttl, tag } = options
    if (ttl !== undefined) checkTtl(ttl)
    if (tag !== undefined) tagsToColumns(tag)
    return new WriteDefaults(ttl, tagsOf(this.#tag(tag)))
  }

  /** Returns the options of a write, completed; what is none as it is, for the whole, which refuses it. */
  write<O extends WriteOptions>(options: O | undefined): O | undefined {
    if (this.#isEmpty || !isOptions(options)) return options
    const { ttl = this.ttl, tag }: WriteOptions = options ?? {}
    return { ...options, ttl, tag: this.#tag(tag) } as O
  }

  /** Returns the options that one entry of many has of its own, where others are completed for all. */
  writeOfMany(options: WriteOptions): WriteOptions {
    if (this.#tags.length === 0 || options?.tag === undefined) return options
    return { ...options, tag: this.#tag(options.tag) }
  }

  /** Returns the callback of `update`, completed: what a change leaves out of an entry that is there stays as it was. */
  change<V>(change: Callback<V>): Callback<V> {
    if (this.#isEmpty) return change
    checkFunction('change', change)
    return (entry, now) => {
      const decided = change(entry, now)
      if (Object(decided) !== decided || !('set' in decided)) return decided
      const options = decided as WriteOptions
      return (entry === undefined ? this.write(options) : this.writeOfMany(options)) as Change<V>
    }
  }

  get #isEmpty(): boolean {
    return this.ttl === undefined && this.#tags.length === 0
  }

  /** Returns the tags that are given, and these. The store takes each once. */
  #tag(own: TagOption): TagOption {
    return this.#tags.length === 0 ? own : [...tagsOf(own), ...this.#tags]
  }
}

function tagsOf(tag: TagOption): readonly Tag[] {
  if (tag === undefined) return []
  return Array.isArray(tag) ? tag : [tag as Tag]
}
