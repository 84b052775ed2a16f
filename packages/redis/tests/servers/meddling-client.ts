import type { Argument, CommandOptions, ServerClient } from '../../src/server/redis-client.ts'

export type Meddle = (args: readonly Argument[], send: () => Promise<unknown>) => Promise<unknown>

/** A client between whose commands a test may do something, or lose an answer. */
export function meddlingClient(client: object, meddle: Meddle): ServerClient {
  return new Proxy(client as ServerClient, {
    get: (target, name) => {
      if (name === 'sendCommand')
        return (args: readonly Argument[], options: CommandOptions) =>
          meddle(args, () => target.sendCommand(args, options))
      const member: unknown = Reflect.get(target, name)
      return typeof member === 'function' ? member.bind(target) : member
    },
  })
}
