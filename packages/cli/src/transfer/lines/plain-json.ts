/** As deep as values are that can be stored, and a little more. */
const MAX_DEPTH = 600

/** Returns whether JSON keeps a decoded value exactly: its types, and that no part of it is there twice. */
export function isPlainJson(value: unknown): boolean {
  return isPlain(value, new Set(), 0)
}

function isPlain(value: unknown, seen: Set<object>, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
      return true
    case 'number':
      return Number.isFinite(value) && !Object.is(value, -0)
    case 'object':
      return value === null || isPlainObject(value as Record<string, unknown>, seen, depth)
    default:
      return false
  }
}

function isPlainObject(value: Record<string, unknown>, seen: Set<object>, depth: number): boolean {
  if (seen.has(value) || depth > MAX_DEPTH) return false
  seen.add(value)
  const prototype = Object.getPrototypeOf(value)
  if (Array.isArray(value)) {
    // With a hole, an item is `undefined`; with a property beside the items, there are more of these.
    if (prototype !== Array.prototype || Object.keys(value).length !== value.length) return false
    return value.every((item) => isPlain(item, seen, depth + 1)) && !hasHole(value)
  }
  if (prototype !== Object.prototype) return false
  return Object.keys(value).every((name) => isPlain(value[name], seen, depth + 1))
}

/** `every` passes over holes. */
function hasHole(array: readonly unknown[]): boolean {
  return array.includes(undefined)
}
