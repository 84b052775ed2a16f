/** A request, as far as the inspector needs it, from whichever server. */
export interface InspectorRequest {
  readonly method: string
  /** The path below the address of the page: `/` for the page itself. */
  readonly path: string
  /** What stands behind the question mark, without it. */
  readonly query: string
  /** The fields, under their names in lower case. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  /** The body: bytes or text, or what a framework has made of it. */
  readonly body?: unknown
}

/** What a server answers. */
export interface InspectorAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | Uint8Array
}

/** Returns a field of a request; of one that was sent several times, nothing that could be trusted. */
export function fieldOf({ headers }: InspectorRequest, name: string): string | undefined {
  const value = headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}
