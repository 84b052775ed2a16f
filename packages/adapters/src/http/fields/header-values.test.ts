import { expect, test } from 'vitest'
import { members, trimmed } from './header-values.ts'

test('trimmed() takes away spaces and tabs, and nothing else', () => {
  expect(trimmed(' \t a b\t ')).toBe('a b')
  expect(['', ' ', '\t \t'].map(trimmed)).toEqual(['', '', ''])
  expect(trimmed('\u00a0a\u000b')).toBe('\u00a0a\u000b')
})

test('members() leaves empty members out', () => {
  expect(members([' a ,', ', B', ' '])).toEqual(['a', 'B'])
})
