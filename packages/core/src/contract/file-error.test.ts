import { mkdirSync } from 'node:fs'
import { constants } from 'node:os'
import { expect, test } from 'vitest'
import { fileError, saysFull, withFileErrors } from './file-error.ts'

function systemError(code: string, errno = -1): NodeJS.ErrnoException {
  return Object.assign(new Error(`${code}: failed`), { code, errno, syscall: 'open' })
}

test.each([
  ['EMFILE', /too many files open; close some, or raise its limit/],
  ['EIO', /the disk failed/],
  ['EACCES', /no permission/],
  ['EROFS', /readonly/],
  ['ENOTTY', /ENOTTY: failed/],
])('fileError() gives %s the code ERR_DISKCACHE_IO, the path and the cause', (code, message) => {
  const cause = systemError(code)
  expect(fileError(cause, 'read', '/cache/file')).toMatchObject({
    name: 'DiskCacheError',
    code: 'ERR_DISKCACHE_IO',
    path: '/cache/file',
    message: expect.stringMatching(message),
    cause,
  })
})

test('fileError() tells a full disk, a used up quota and a limited file', () => {
  // Node does not know the name of the error of a quota.
  const quota = systemError('Unknown system error -122', -constants.errno.EDQUOT)
  for (const error of [systemError('ENOSPC'), systemError('EFBIG'), quota]) {
    expect(saysFull(error)).toBe(true)
    expect(fileError(error, 'write', '/cache')).toMatchObject({ code: 'ERR_DISKCACHE_FULL', cause: error })
  }
  expect(saysFull(undefined)).toBe(false)
})

test('fileError() leaves errors that are not of the operating system', () => {
  const error = new TypeError('no')
  expect(fileError(error, 'read', '/cache')).toBe(error)
})

test('withFileErrors() gives what the body throws a code', () => {
  expect(() => withFileErrors('make', '/proc/x', () => mkdirSync(`${import.meta.filename}/x`))).toThrow(
    expect.objectContaining({ code: 'ERR_DISKCACHE_IO', path: '/proc/x' }),
  )
  expect(withFileErrors('make', '/', () => 5)).toBe(5)
})
