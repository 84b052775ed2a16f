import { EventEmitter } from 'node:events'

type Listener = (...args: unknown[]) => void

/** What a Keyv listens to. Keyv 6 asks for listeners that can be called; Node's types say no more than `Function`. */
export class ErrorEmitter extends EventEmitter {
  override listeners(event: string | symbol): Listener[] {
    return super.listeners(event) as Listener[]
  }

  override rawListeners(event: string | symbol): Listener[] {
    return super.rawListeners(event) as Listener[]
  }
}
