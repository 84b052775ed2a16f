import type { Service } from '../service.ts'
import { ageProcess } from './age-process.ts'

/** A server that is pressed; `processor`: the microseconds that the process has used of one. The first round ages it. */
export function serviceAt(url: string): Service {
  let isAged = false
  const processor = () => {
    if (!isAged) ageProcess()
    isAged = true
    const { user, system } = process.cpuUsage()
    return user + system
  }
  return { commands: { url: () => url, processor } }
}
