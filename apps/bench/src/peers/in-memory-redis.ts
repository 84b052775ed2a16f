import type { Guarantees } from './peer.ts'

/** As the harness starts the server. */
export const IN_MEMORY_REDIS: Guarantees = {
  expiry: true,
  sizeLimit: true,
  processes: true,
  kept: 'in memory, as configured',
  crashSafe: 'a killed server loses everything, as configured',
}

export const REDIS_SETTINGS = "redis-server with `save ''` and `appendonly no`, over TCP on loopback"
