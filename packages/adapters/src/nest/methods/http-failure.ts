import { HttpException } from '@nestjs/common'

const MARK = 'HttpException:'

/** The most UTF-16 code units of a code that reach other processes. */
const MOST_CODE_LENGTH = 10_000

/**
 * Returns an error that keeps status and response of an `HttpException` on its way to callers in other processes, which
 * get only name, message and code. Returns other errors as they are.
 */
export function shareHttpFailure(error: unknown): unknown {
  if (!isHttpException(error)) return error
  const { name, message } = error
  return Object.assign(new Error(message, { cause: error }), { name, code: encode(error) })
}

/** Returns what {@link shareHttpFailure} was given: itself in the same process, else an `HttpException` like it. */
export function restoreHttpFailure(error: unknown): unknown {
  const { code, cause } = (error ?? {}) as { code?: unknown; cause?: unknown }
  if (typeof code !== 'string' || !code.startsWith(MARK)) return error
  if (isHttpException(cause)) return cause
  try {
    const [status, response] = JSON.parse(code.slice(MARK.length))
    return new HttpException(response, status, { cause: error })
  } catch {
    return error
  }
}

/** Returns whether the error is an `HttpException`. Classes are not compared: there may be several copies of Nest. */
function isHttpException(error: unknown): error is HttpException {
  const { getStatus, getResponse } = (error ?? {}) as Partial<HttpException>
  return error instanceof Error && typeof getStatus === 'function' && typeof getResponse === 'function'
}

/** Long responses are shortened, since a code that is cut off tells nothing, not even the status. */
function encode(error: HttpException): string {
  const status = error.getStatus()
  for (const most of [Infinity, 1_000, 100, 10]) {
    const code = encodeWith(status, error.getResponse(), most)
    if (code !== undefined && code.length <= MOST_CODE_LENGTH) return code
  }
  return encodeWith(status, { statusCode: status, message: error.message }, 1_000) as string
}

/** With so many items of each array and characters of each text; `undefined` for what JSON has not. */
function encodeWith(status: number, response: unknown, most: number): string | undefined {
  const shorten = (_: string, value: unknown) =>
    Array.isArray(value) || typeof value === 'string' ? value.slice(0, most) : value
  try {
    return MARK + JSON.stringify([status, response], shorten)
  } catch {
    return undefined
  }
}
