import { parentPort } from 'node:worker_threads'

export type ToChild = { readonly job: unknown } | { readonly go: number }
export type ToParent = { readonly ready: true } | { readonly result: unknown } | { readonly error: string }

interface Channel {
  send(message: ToParent): Promise<void>
  onMessage(listener: (message: ToChild) => void): void
  /** Lets the process or thread end when it has nothing else to do. */
  leave(): void
}

/** Waits until all who work together are here. */
export type Barrier = () => Promise<void>

/**
 * What a child does: the module that calls this is started by `Child.process` or `Child.thread`, gets its job, works,
 * and answers with a result that `structuredClone` keeps.
 */
export function role<Job, Result>(work: (job: Job, barrier: Barrier) => Promise<Result> | Result): void {
  const channel = parentPort === null ? processChannel() : threadChannel(parentPort)
  let pass: (() => void) | undefined
  const barrier: Barrier = () => {
    return new Promise((resolve) => {
      pass = resolve
      channel.send({ ready: true })
    })
  }
  channel.onMessage((message) => {
    if ('job' in message) perform(channel, () => work(message.job as Job, barrier))
    else {
      // Messages arrive one after the other; the appointed time makes all start at once.
      while (Date.now() < message.go) {}
      pass?.()
    }
  })
}

async function perform(channel: Channel, work: () => unknown): Promise<void> {
  try {
    const result = await work()
    await channel.send({ result })
  } catch (error) {
    await channel.send({ error: describe(error) })
  }
  channel.leave()
}

function describe(error: unknown): string {
  const { stack, code, cause } = error as Error & { code?: string }
  return `${code ?? ''} ${stack ?? String(error)}${cause === undefined ? '' : `\ncause: ${describe(cause)}`}`
}

function processChannel(): Channel {
  const orphaned = () => process.exit(1)
  process.on('disconnect', orphaned)
  return {
    send: (message) => new Promise((resolve) => process.send?.(message, () => resolve())),
    onMessage: (listener) => process.on('message', listener),
    leave: () => {
      process.off('disconnect', orphaned)
      if (process.connected) process.disconnect()
    },
  }
}

function threadChannel(port: NonNullable<typeof parentPort>): Channel {
  return {
    send: async (message) => port.postMessage(message),
    onMessage: (listener) => port.on('message', listener),
    leave: () => port.close(),
  }
}
