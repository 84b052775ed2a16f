/** What is wrong with a request, for whoever sent it. */
export class Refusal extends Error {
  /** The status of the answer. */
  readonly status: number
  /** What the answer says beside it. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message)
    this.status = status
    this.headers = headers
  }
}
