import type { Service } from './service.ts'

/** A server that is pressed; `processor`: the microseconds that the process has used of one. */
export function serviceAt(url: string): Service {
  const processor = () => {
    const { user, system } = process.cpuUsage()
    return user + system
  }
  return { commands: { url: () => url, processor } }
}
