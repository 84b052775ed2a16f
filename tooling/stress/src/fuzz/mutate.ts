import type { Random } from '../../../../packages/cache/tests/processes/random.ts'

/** Bytes that mean something to MessagePack: heads, lengths at their ends, the extensions of msgpackr. */
const TELLING = Buffer.from(
  '0001407f80818f90919fa0a1bfc0c1c2c3c4c5c6c7c8c9cacbcccdcecfd0d1d2d3d4d5d6d7d8d9dadbdcdddedfe0ff426265697072737478',
  'hex',
)

const MOST_CHANGES = 6

/** Returns bytes with some changes, one of which may be that others follow. */
export function mutate(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  let changed = bytes
  for (let left = 1 + random.below(MOST_CHANGES); left > 0; left--) changed = change(changed, others, random)
  return changed
}

function change(bytes: Buffer, others: readonly Buffer[], random: Random): Buffer {
  const at = random.below(bytes.length + 1)
  switch (random.below(7)) {
    case 0:
      return replaced(bytes, at, Buffer.of(random.below(256)), 1)
    case 1:
      return replaced(bytes, at, Buffer.of(random.pick([...TELLING])), 1)
    case 2:
      return replaced(bytes, at, Buffer.of(random.pick([...TELLING])), 0)
    case 3:
      return replaced(bytes, at, Buffer.alloc(0), 1 + random.below(4))
    case 4:
      return bytes.subarray(0, at)
    case 5:
      return replaced(bytes, at, sliceOf(random.pick(others), random), random.below(4))
    default:
      return replaced(bytes, at, sliceOf(bytes, random), 0)
  }
}

function sliceOf(bytes: Buffer, random: Random): Buffer {
  const start = random.below(bytes.length + 1)
  return bytes.subarray(start, start + 1 + random.below(24))
}

function replaced(bytes: Buffer, at: number, by: Buffer, removed: number): Buffer {
  return Buffer.concat([bytes.subarray(0, at), by, bytes.subarray(at + removed)])
}
