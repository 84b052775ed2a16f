import type { Http2Stream } from 'node:http2'
import type { Socket } from 'node:net'

/** What is looked at of a socket. */
type Connection = Pick<Socket, 'destroyed' | 'readableEnded' | 'errored'>

/** Returns whether a connection was broken off on this side. */
export function isBrokenOff(socket: Connection): boolean {
  return socket.destroyed && !isEndedThere(socket)
}

/**
 * Returns a function that says whether a stream of HTTP/2 was broken off on this side since now: once it is closed, nothing
 * tells who did it. Node itself closes those that the client has closed, and those of a connection that the client has ended.
 */
export function watchClosing(stream: Http2Stream): () => boolean {
  // Of one that is closed already, nobody knows.
  let isClosedHere = stream.closed
  const { close, destroy } = stream
  const note = () => {
    if (!stream.closed && !isEndedThere(stream.session?.socket)) isClosedHere = true
  }
  stream.close = (...args) => {
    note()
    close.apply(stream, args)
  }
  stream.destroy = (...args) => {
    note()
    return destroy.apply(stream, args)
  }
  return () => {
    const socket = stream.closed ? undefined : stream.session?.socket
    return isClosedHere || (socket !== undefined && isBrokenOff(socket))
  }
}

/** Returns whether the other side has ended a connection, or reset it, which makes a call of the system fail. */
function isEndedThere(socket: Connection | undefined): boolean {
  if (socket === undefined) return false
  return socket.readableEnded || (socket.errored as NodeJS.ErrnoException | null)?.syscall !== undefined
}
