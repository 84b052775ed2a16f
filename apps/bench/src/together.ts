import type { Contender } from './contender.ts'
import type { PeerProcess } from './peers/peer-process.ts'

/** Processes that share the calls among them, all at once; the time is that until the last of them has finished. */
export function together(peers: readonly PeerProcess[], operation: string): Contender {
  return {
    async time(calls) {
      const start = performance.now()
      await Promise.all(peers.map((peer) => peer.ask(`${operation} ${calls / peers.length}`)))
      return performance.now() - start
    },
  }
}
