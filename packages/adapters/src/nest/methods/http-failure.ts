import { HttpException } from '@nestjs/common'

const MARK = 'HttpException:'

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

function encode(error: HttpException): string {
  try {
    return MARK + JSON.stringify([error.getStatus(), error.getResponse()])
  } catch {
    return MARK
  }
}
