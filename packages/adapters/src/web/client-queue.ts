/** The bytes that may wait for a client: as many as in a socket, so that a short answer never waits. */
const HIGH_WATER_MARK = 64 * 1024

/** Returns how much of a body is made before its client reads on. */
export function clientQueue(): ByteLengthQueuingStrategy {
  return new ByteLengthQueuingStrategy({ highWaterMark: HIGH_WATER_MARK })
}
