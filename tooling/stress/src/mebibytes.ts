const MIB = 2 ** 20

export function mebibytes(bytes: number): string {
  return `${(bytes / MIB).toFixed(1)} MiB`
}
