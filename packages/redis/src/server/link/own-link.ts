import { errorChannel } from '@diskcache/core'
import { type ClientOptions, connect, HANDSHAKE_TIME, ownClient, probe } from '../own-client.ts'
import type { ServerClient } from '../redis-client.ts'
import { Link } from './link.ts'

/**
 * Opens a link to one server over a client of our own. Another takes its place when the server says nothing: when it
 * was connected to, or later.
 */
export function openOwnLink(options: ClientOptions, store: string): Link {
  const renew = (cause: Error): void => {
    if (!link.client.isOpen) return
    errorChannel.publish({ store, reason: 'failed', error: cause })
    link.replace(open(), cause)
  }
  const open = (): ServerClient => {
    const client = ownClient(options)
    let timer: NodeJS.Timeout | undefined
    client.on('connect', () => {
      clearTimeout(timer)
      timer = setTimeout(() => {
        if (client === link.client && !client.isReady) renew(new Error('Redis does not answer'))
      }, HANDSHAKE_TIME).unref()
    })
    return connect(client, store)
  }
  const link = Link.watched(open(), { probe: () => probe(options), renew })
  return link
}
