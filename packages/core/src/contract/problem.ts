/** Something that `check` found. */
export interface Problem {
  /**
   * What is wrong.
   *
   * - `'integrity'`: SQLite's own integrity check complains.
   * - `'missing-file'`: the file of a row is gone.
   * - `'wrong-size'`: the file of a row has another length than the row says.
   * - `'illegal-filename'`: a row names a file that cannot be a value file.
   * - `'orphan-file'`: a value file has no row.
   * - `'empty-directory'`: a directory for value files is empty.
   * - `'wrong-checksum'`: an entry is not what was stored.
   * - `'unverified'`: entries have no checksum. They may be sound.
   * - `'wrong-counter'`: a stored counter differs from what it counts.
   */
  readonly kind:
    | 'integrity'
    | 'missing-file'
    | 'wrong-size'
    | 'illegal-filename'
    | 'orphan-file'
    | 'empty-directory'
    | 'wrong-checksum'
    | 'unverified'
    | 'wrong-counter'
  /** A sentence for people, which names the row or file. */
  readonly message: string
}
