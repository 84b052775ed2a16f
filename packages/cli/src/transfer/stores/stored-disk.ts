import {
  type Column,
  Disk,
  type EncodedKey,
  type EncodedValue,
  JSONDisk,
  type Key,
  KeyForm,
  Mode,
} from '@diskcache/core'
import { StoredKey, type StoredMode, StoredValue } from '../lines/stored-value.ts'

/** The codecs whose values are known here; others are only moved. */
const KNOWN: Readonly<Record<string, typeof Disk | undefined>> = {
  [Disk.codec]: Disk,
  [JSONDisk.codec]: JSONDisk,
}

/** Returns the codec with that name, or `undefined` for one that is not known here. */
export function knownCodec(name: string): Disk | undefined {
  const Type = Object.hasOwn(KNOWN, name) ? KNOWN[name] : undefined
  return Type === undefined ? undefined : new Type()
}

/**
 * Returns a codec with that name whose values are, when they are read, `StoredValue`s, and which writes these as they are,
 * and other values as the codec does; the same for keys. So entries are moved without being decoded: also instances of
 * classes that nobody named, and all of a codec that is not known here.
 */
export function storedDisk(name: string): Disk {
  const known = knownCodec(name)
  // It is an instance of the codec itself: only that keeps streams as Python does.
  const disk = known ?? new (foreignCodec(name))()
  const { encodeKey, encodeValue } = disk
  return Object.assign(disk, {
    encodeKey: (key: Key | StoredKey): EncodedKey =>
      key instanceof StoredKey ? key.encoded : encodeKey.call(disk, key),
    decodeKey: (encoded: EncodedKey): Key => keyOf(encoded) as Key,
    encodeValue: (value: unknown): EncodedValue =>
      value instanceof StoredValue ? encodedOf(value) : encodeValue.call(disk, value),
    decodeValue: (mode: Mode, data: Column): StoredValue => new StoredValue(storedMode(mode), data),
  })
}

/** Returns a key as it is written: strings and numbers as they are, all others as they are stored. */
export function keyOf(encoded: EncodedKey): string | number | StoredKey {
  const { key, form } = encoded
  if (form !== KeyForm.plain) return new StoredKey(encoded)
  if (typeof key === 'string' || (typeof key === 'number' && Number.isFinite(key))) return key
  if (typeof key === 'bigint' && Number.isSafeInteger(Number(key))) return Number(key)
  return new StoredKey(encoded)
}

function foreignCodec(name: string): typeof Disk {
  return class extends Disk {
    static override readonly codec = name
  }
}

function encodedOf({ mode, data }: StoredValue): EncodedValue {
  return { mode: mode === Mode.stream ? Mode.raw : mode, data }
}

/** What a column and what a file holds of one value has one form here. */
function storedMode(mode: Mode): StoredMode {
  return mode === Mode.msgpack || mode === Mode.stream ? mode : Mode.raw
}
