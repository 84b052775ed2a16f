import { expect, test } from 'vitest'
import { HOME, ROOT } from '../repository.ts'
import { siteLink } from './site-link.ts'

test.each([
  ['keyv.md', '/keyv/'],
  ['keyv.md#on-a-cache-that-you-have', '/keyv/#on-a-cache-that-you-have'],
  ['../../README.md', '/introduction/'],
  ['../../packages/cache/', '/packages/cache/'],
  [`${HOME}/blob/main/packages/cache/README.md#errors`, '/packages/cache/#errors'],
  [`${HOME}/tree/main/packages/cache`, '/packages/cache/'],
  ['../express/README.md', '/apps/express/'],
  ['adr/README.md', '/adr/'],
])('siteLink() makes %s a link to a page', (target, address) => {
  expect(siteLink(target, 'apps/docs/python.md', ROOT)).toBe(address)
})

test.each([
  ['../../packages/cache/src/cache.ts', `${HOME}/blob/main/packages/cache/src/cache.ts`],
  ['../../packages/cache/src#L1', `${HOME}/tree/main/packages/cache/src#L1`],
])('siteLink() makes %s a link to the file on the web', (target, address) => {
  expect(siteLink(target, 'apps/docs/python.md', ROOT)).toBe(address)
})

test.each(['gone.md', '#anchor', 'https://example.org/README.md', 'mailto:a@example.org', `${HOME}/issues`])(
  'siteLink() leaves %s as it is',
  (target) => {
    expect(siteLink(target, 'apps/docs/python.md', ROOT)).toBe(target)
  },
)
