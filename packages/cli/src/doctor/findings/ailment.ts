/** Something that may be wrong, whichever patient has it. The page of the doctor lists all of them. */
export interface Ailment {
  /** What programs know it by. */
  readonly id: string
  /** A trouble makes the doctor's exit code 1, a remark does not. */
  readonly sign: 'trouble' | 'remark'
  /** What it is. */
  readonly what: string
  /** Why it matters. */
  readonly why: string
  /** What to do about it. */
  readonly wayOut: string
}

/** An ailment that was found. */
export interface Symptom {
  readonly ailment: Ailment
  /** What exactly was found. */
  readonly detail: string
}

/**
 * What an examination has found: a text when all is well, or what is not; `undefined` where there was nothing to look
 * at.
 */
export type Verdict = string | readonly Symptom[] | undefined

/** One look at a patient. */
export interface Examination<Patient> {
  /** What is looked at, in a word or two. */
  readonly name: string
  /** All that may be found. */
  readonly ailments: readonly Ailment[]
  /** Looks, and changes nothing. */
  examine(patient: Patient): Verdict
}
