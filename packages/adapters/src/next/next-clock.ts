/** Returns a time of the system's clock, which all processes have in common, by the one that Next takes ages from. */
export function byClockOfNext(time: number): number {
  return Math.round(time + ahead())
}

/** Returns a time of the clock that Next takes ages from, by that of the system. */
export function byClockOfSystem(time: number): number {
  return time - ahead()
}

/** The clock of Next is that of the process, which does not see how the system's is set meanwhile. */
function ahead(): number {
  return performance.timeOrigin + performance.now() - Date.now()
}
