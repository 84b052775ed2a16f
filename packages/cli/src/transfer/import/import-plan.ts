import { Disk, hasCode, JSONDisk, Mode } from '@diskcache/core'
import type { Header } from '../lines/frame-lines.ts'
import { isPlainJson } from '../lines/plain-json.ts'
import { WrongLine } from '../lines/sealed-line.ts'
import type { StoredHead, StoredValue } from '../lines/stored-value.ts'
import { knownCodec } from '../stores/stored-disk.ts'

/** Stands for a value that the codec of the target does not keep. */
export const UNFIT: unique symbol = Symbol('unfit')

/** Decides how values of one codec are written by another. */
export class ImportPlan {
  readonly #source: string
  readonly #target: string
  readonly #codec: Disk | undefined

  /**
   * Takes the codec that the target has.
   *
   * @throws WrongLine where the values of the one cannot become those of the other
   */
  constructor({ from }: Header, target: string) {
    this.#source = from.codec
    this.#target = target
    this.#codec = knownCodec(from.codec)
    if (from.codec === target || (this.#codec !== undefined && knownCodec(target) !== undefined)) return
    throw new WrongLine(
      `its values are of the codec ${JSON.stringify(from.codec)}, which the target, of ${JSON.stringify(target)}, cannot keep`,
    )
  }

  /** Returns whether the bytes of a value are the value, so that they can be written as they come. */
  isBytes({ mode, form }: StoredHead): boolean {
    if (mode === Mode.stream) return true
    return this.#source === Disk.codec && mode === Mode.raw && form === 'b'
  }

  /** Returns what to write for a value as it is stored, `UNFIT` for one that the target does not keep. */
  stored(value: StoredValue): unknown {
    if (this.#codec === undefined) return value
    const decoded = this.#decode(value, this.#codec)
    if (this.#source === this.#target) return value
    return this.#target !== JSONDisk.codec || isPlainJson(decoded) ? decoded : UNFIT
  }

  /** Returns what to write for a value as JSON. */
  json(value: unknown): unknown {
    if (this.#codec !== undefined) return value
    throw new WrongLine(`a value of the codec ${JSON.stringify(this.#source)} cannot stand as JSON`)
  }

  #decode({ mode, data }: StoredValue, codec: Disk): unknown {
    try {
      return codec.decodeValue(mode, data)
    } catch (error) {
      if (!hasCode(error, 'ERR_DISKCACHE_CORRUPT')) return UNFIT
      throw new WrongLine('its value is not what its codec writes')
    }
  }
}
