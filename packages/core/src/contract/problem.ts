/** Something that `check` found. */
export interface Problem {
  readonly kind: /** SQLite's own integrity check. */
    | 'integrity'
    /** A row's file is gone. */
    | 'missing-file'
    /** A row's file has another length than the row says. */
    | 'wrong-size'
    /** A row names a file that cannot be ours. */
    | 'illegal-filename'
    /** A value file that no row names. */
    | 'orphan-file'
    /** An empty directory of value files. */
    | 'empty-directory'
    /** A stored counter differs from what it counts. */
    | 'wrong-counter'
  readonly message: string
}
