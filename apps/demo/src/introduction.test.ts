import { expect, test } from 'vitest'
import { introduction } from './introduction.ts'

test.each(['20.20.2', '22.17.1'])('introduction() says why it is another Node than %s', (installed) => {
  expect(introduction(installed)).toContain(`your Node ${installed} does not run TypeScript`)
})

test.each(['22.18.0', '24.11.0', '26.0.0'])('introduction() says nothing of Node %s', (installed) => {
  expect(introduction(installed)).not.toContain('Node')
})
