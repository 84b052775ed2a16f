import { parse } from 'marked'
import type { DocumentedPackage } from './documented-package.ts'

/** A website: the HTML of every page, by its path. */
export type Site = ReadonlyMap<string, string>

export const HOME = '/'

/**
 * A website about packages: a home page, a page for each initial and each package, and all Markdown files. The links
 * that the authors wrote are left as they are, and where they lead nowhere, they are broken.
 */
export function makeSite(packages: readonly DocumentedPackage[]): Site {
  const initials = Map.groupBy(packages, initialOf)
  const site = new Map([[HOME, homePage([...initials.keys()])]])
  for (const [initial, members] of initials) site.set(`/${initial}/`, initialPage(initial, members))
  for (const member of packages) addPackage(site, member, packages)
  return site
}

function addPackage(site: Map<string, string>, member: DocumentedPackage, all: readonly DocumentedPackage[]) {
  site.set(pathOf(member), packagePage(member, all))
  for (const [file, text] of member.documents) {
    const html = parse(text, { async: false })
    site.set(pathOf(member) + encodeURI(file), page(`${member.name}: ${file}`, html))
  }
}

function homePage(initials: readonly string[]): string {
  return page(
    'Packages',
    list(initials.toSorted().map((initial) => link(`/${initial}/`, initial.toUpperCase()))),
  )
}

function initialPage(initial: string, packages: readonly DocumentedPackage[]): string {
  return page(`Packages: ${initial.toUpperCase()}`, list(packages.map(packageLink)))
}

function packagePage(member: DocumentedPackage, all: readonly DocumentedPackage[]): string {
  const dependencies = all.filter(({ name }) => member.dependencies.includes(name))
  const documents = [...member.documents.keys()].map((file) => link(encodeURI(file), file))
  const sections = [
    `<p>${escapeHtml(member.description)}</p>`,
    '<h2>Documents</h2>',
    list(documents),
    '<h2>Dependencies</h2>',
    list(dependencies.map(packageLink)),
  ]
  return page(titleOf(member), sections.join('\n'))
}

function packageLink(member: DocumentedPackage): string {
  return link(pathOf(member), titleOf(member))
}

/** The first letter of a name, after its scope. */
function initialOf({ name }: DocumentedPackage): string {
  return name
    .replace(/^@.*\//, '')
    .charAt(0)
    .toLowerCase()
}

function pathOf({ name, version }: DocumentedPackage): string {
  return encodeURI(`/packages/${name}@${version}/`)
}

function titleOf({ name, version }: DocumentedPackage): string {
  return `${name} ${version}`
}

function page(title: string, body: string): string {
  const home = link(HOME, 'All packages')
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>${escapeHtml(title)}</title></head>
<body><nav>${home}</nav><h1>${escapeHtml(title)}</h1>
${body}
</body>
</html>
`
}

function list(items: readonly string[]): string {
  return `<ul>\n${items.map((item) => `<li>${item}</li>`).join('\n')}\n</ul>`
}

function link(path: string, text: string): string {
  return `<a href="${escapeHtml(path)}">${escapeHtml(text)}</a>`
}

function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;')
}
