import { Disk } from '@diskcache/core'

/** Whether numbers, strings and bytes stand in Redis as they are, and not in the form of a codec of the caller's. */
export function keepsRaw({ encodeValue, decodeValue }: Disk): boolean {
  return encodeValue === Disk.prototype.encodeValue && decodeValue === Disk.prototype.decodeValue
}
