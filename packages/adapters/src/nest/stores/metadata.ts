/** What `reflect-metadata` adds to `Reflect`, as far as this package uses it. Nest loads it. */
interface MetadataReflection {
  defineMetadata(key: unknown, value: unknown, target: object): void
  getMetadata(key: unknown, target: object): unknown
  getMetadataKeys(target: object): unknown[]
}

/** `Reflect` with those additions. */
export const metadata = Reflect as unknown as MetadataReflection

/** Copies all metadata, so that decorators below and above ours see one function. */
export function copyMetadata(source: object, target: object): void {
  for (const key of metadata.getMetadataKeys(source))
    metadata.defineMetadata(key, metadata.getMetadata(key, source), target)
}
