import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { ALL_CASES } from './all-cases.ts'

const PAGE = new URL('../../../../apps/docs/http-standard.md', import.meta.url)

/** A line of the page that names cases of a section; `*` stands for any text. */
interface Listed {
  readonly section: string
  readonly title: string
}

test('the page on the standards names each case that names a section, and no other', () => {
  const listed = listedCases(readFileSync(PAGE, 'utf8'))
  const ofStandards = ALL_CASES.filter(({ section }) => section.startsWith('RFC '))
  const fits = (line: Listed, { section, title }: Listed) =>
    line.section === section && patternOf(line.title).test(title)
  const missing = ofStandards.filter((one) => !listed.some((line) => fits(line, one)))
  const unknown = listed.filter((line) => !ofStandards.some((one) => fits(line, one)))
  expect(missing.map(({ section, title }) => `${section}: ${title}`)).toEqual([])
  expect(unknown).toEqual([])
})

function listedCases(page: string): Listed[] {
  const listed: Listed[] = []
  let [standard, section] = ['', '']
  for (const line of page.split('\n')) {
    standard = /^## (RFC \d+)/.exec(line)?.[1] ?? standard
    section = /^### ([\d.]+)$/.exec(line)?.[1] ?? section
    const title = /^ {2}- `(.*)`$/.exec(line)?.[1]
    if (title !== undefined) listed.push({ section: `${standard}, ${section}`, title })
  }
  return listed
}

function patternOf(title: string): RegExp {
  const literally = title.replaceAll(/[\\^$.|?+()[\]{}]/g, '\\$&')
  return new RegExp(`^${literally.replaceAll('*', '.*')}$`)
}
