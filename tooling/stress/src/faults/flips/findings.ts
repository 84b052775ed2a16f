import { isDeepStrictEqual } from 'node:util'
import type { Outcome } from './outcome.ts'
import type { TemplateEntry, TemplateKey, TemplateValue } from './template-entries.ts'

/** No report needs more of one kind. */
const MOST = 3

/** What is found wrong in one trial, beside what must be in the directory. */
export class Findings {
  readonly #expected = new Map<TemplateKey, TemplateValue | undefined>()
  readonly #older = new Map<TemplateKey, readonly (TemplateValue | undefined)[]>()
  readonly #tags = new Map<TemplateKey, string | undefined>()
  readonly #missing = new Set<TemplateKey>()
  readonly #foreign = new Set<TemplateKey>()
  readonly #wrong: string[] = []
  readonly #wrongForeign: string[] = []
  readonly #wrongLabels: string[] = []
  readonly #stale: string[] = []
  readonly #typed: Record<string, number> = {}
  readonly #untyped: string[] = []
  readonly #refused: string[] = []
  #lostAgain = 0
  readonly #isTyped: (error: unknown) => boolean

  /** `isTyped`: whether a caller can be asked to handle an error. */
  constructor(entries: readonly TemplateEntry[], isTyped: (error: unknown) => boolean) {
    this.#isTyped = isTyped
    for (const { key, tag, versions, isForeign } of entries) {
      if (isForeign) this.#foreign.add(key)
      this.#expected.set(key, versions.at(-1))
      this.#older.set(key, versions.slice(0, -1))
      this.#tags.set(key, tag)
    }
  }

  /** What a key is worth now; `undefined` when it must not be there. */
  expected(key: TemplateKey): TemplateValue | undefined {
    return this.#expected.get(key)
  }

  /** Takes note of what a write has acknowledged; what was there before is old from now on. */
  expect(key: TemplateKey, value: TemplateValue | undefined): void {
    this.#older.set(key, [...(this.#older.get(key) ?? []), this.#expected.get(key)])
    this.#expected.set(key, value)
    this.#tags.set(key, undefined)
    this.#foreign.delete(key)
  }

  /** Judges what was given for a key; `undefined` is always right, as everything may be lost. */
  observe(how: string, key: unknown, value: unknown): void {
    const name = key as TemplateKey
    if (value === undefined) {
      if (this.#expected.get(name) !== undefined) this.#missing.add(name)
      return
    }
    const given = plain(value)
    if (this.#expected.has(name) && isDeepStrictEqual(given, this.#expected.get(name))) return
    const isOld = this.#older.get(name)?.some((old) => old !== undefined && isDeepStrictEqual(given, old))
    const wrong = this.#foreign.has(name) ? this.#wrongForeign : this.#wrong
    add(isOld ? this.#stale : wrong, `${how}(${show(key)}) gave ${show(given)}`)
  }

  /** Judges the labels that came with a value. */
  observeLabels(how: string, key: TemplateKey, tags: readonly unknown[], expireTime: number | null): void {
    const tag = this.#tags.get(key)
    const isRight = isDeepStrictEqual([...tags], tag === undefined ? [] : [tag]) && expireTime === null
    if (!isRight) add(this.#wrongLabels, `${how}(${show(key)}) gave tags ${show(tags)}, expiry ${expireTime}`)
  }

  /** Judges a key that an iteration gave. */
  observeKey(how: string, key: unknown): void {
    const isKnown = this.#expected.has(key as TemplateKey)
    if (!isKnown) add(this.#wrong, `${how} gave the key ${show(key)}`)
  }

  failed(how: string, error: unknown): void {
    const { code, name, message } = error as Error & { code?: string }
    if (this.#isTyped(error)) this.#typed[code ?? name] = (this.#typed[code ?? name] ?? 0) + 1
    else add(this.#untyped, `${how}: ${code ?? name}: ${message}`.slice(0, 200))
  }

  /** Takes note of a write that was kept, and is not there for a newcomer. */
  lostAgain(): void {
    this.#lostAgain++
  }

  refused(text: string): void {
    add(this.#refused, text)
  }

  outcome(damage: { kind: string; text: string }, took: number): Outcome {
    return {
      ...{ kind: damage.kind, text: damage.text, took, missing: this.#missing.size, typed: this.#typed },
      ...{
        wrong: this.#wrong,
        wrongForeign: this.#wrongForeign,
        wrongLabels: this.#wrongLabels,
        stale: this.#stale,
      },
      ...{ untyped: this.#untyped, refused: this.#refused, lostAgain: this.#lostAgain },
    }
  }
}

/** Bytes come as a Buffer or as an Uint8Array. */
function plain(value: unknown): unknown {
  if (!(value instanceof Uint8Array)) return value
  return new Uint8Array(value.buffer, value.byteOffset, value.byteLength)
}

function add(list: string[], text: string): void {
  if (list.length < MOST && !list.includes(text)) list.push(text)
}

function show(value: unknown): string {
  const text = value instanceof Uint8Array ? `${value.length} bytes` : JSON.stringify(value)
  return String(text).slice(0, 80)
}
