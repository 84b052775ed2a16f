import { checkString } from '@diskcache/core'

/** Gives the name back; throws `TypeError` or `RangeError` when it cannot tell functions or buckets apart. */
export function checkName(name: string): string {
  if (checkString('name', name) === '') throw new RangeError('Cannot use name: it is empty')
  return name
}
