import type { Manifest } from './public-packages.ts'

/** What the page of a package on its registry shows. */
const FIELDS = ['description', 'license', 'author', 'homepage', 'repository', 'bugs', 'keywords', 'engines']

/** Those of the fields that a manifest has not, or has empty. */
export function missingFields(manifest: Manifest): string[] {
  return FIELDS.filter((field) => {
    const value = manifest[field]
    return value === undefined || Object.keys(Object(value)).length === 0
  })
}
