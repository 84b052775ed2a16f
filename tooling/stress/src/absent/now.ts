/** Returns epoch milliseconds of a clock that is not adjusted while a process runs. */
export function now(): number {
  return performance.timeOrigin + performance.now()
}
