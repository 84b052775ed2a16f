import type { HeaderValue } from '../fields/header-values.ts'

/** A response, as the functions among the options are given it when its head is complete. */
export interface ResponseView {
  /** The absolute URL, as the cache sees it. */
  readonly url: string
  /** The status code. */
  readonly status: number
  /** The fields, with names in lower case. */
  readonly headers: Readonly<Record<string, HeaderValue>>
}
