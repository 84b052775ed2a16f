/** Where a request goes: scheme and host of its URL, as the application sees it. */
export interface Place {
  readonly scheme: string
  readonly host: string
}

/** An address that nobody has: it is for documentation (RFC 5737). */
export const NOBODY = '192.0.2.1'

/**
 * Returns what a trusted proxy says of a request of nobody that is made after another: the address, and in the fields that
 * the other `has`, the place, which the application would find elsewhere without them.
 */
export function proxyFields(
  has: (name: string) => boolean,
  { scheme, host }: Place,
): Readonly<Record<string, string>> {
  return {
    'x-forwarded-for': NOBODY,
    ...(has('x-forwarded-proto') && { 'x-forwarded-proto': scheme }),
    ...(has('x-forwarded-host') && { 'x-forwarded-host': host }),
  }
}
