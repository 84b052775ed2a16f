import { Child } from '../../recipes/tests/processes/child.ts'

/** A process that runs a worker in a directory, which can be asked to call its members. */
export class WorkerProcess implements AsyncDisposable {
  readonly #child: Child

  private constructor(child: Child) {
    this.#child = child
  }

  static async start(worker: URL, directory: string): Promise<WorkerProcess> {
    const child = new Child(worker, { directory })
    await child.hear()
    return new WorkerProcess(child)
  }

  async call<T = unknown>(member: string, ...args: unknown[]): Promise<T> {
    this.#child.tell({ member, args })
    return (await this.#child.hear<{ result: T }>()).result
  }

  async kill(): Promise<void> {
    await this.#child[Symbol.asyncDispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
