import type { PackedPackage } from '../packed-package.ts'

/** Those of `packages` that `names` name or need, directly or through others. */
export function neededPackages(
  names: readonly string[],
  packages: readonly PackedPackage[],
): readonly PackedPackage[] {
  const needed = new Set<string>()
  const need = (name: string) => {
    const found = packages.find((packed) => packed.name === name)
    if (!found || needed.has(name)) return
    needed.add(name)
    found.dependencies.forEach(need)
  }
  names.forEach(need)
  return packages.filter(({ name }) => needed.has(name))
}
