import type { Ailment, Examination, Verdict } from './ailment.ts'

/** One line of what the doctor says. */
export interface Finding {
  readonly sign: 'ok' | 'remark' | 'trouble'
  /** What was looked at. */
  readonly examination: string
  /** The id of the ailment; left out where all is well. */
  readonly id?: string
  /** What was found. */
  readonly text: string
  readonly why?: string
  readonly wayOut?: string
}

/** An examination that fails is no reason to leave the others out. */
export const NOT_EXAMINED: Ailment = {
  id: 'not-examined',
  sign: 'trouble',
  what: 'Something cannot be looked at',
  why: 'What is wrong there stays unknown',
  wayOut: 'Mend what the message names, and ask again',
}

/** Makes all examinations, one after the other, and gives what they find. */
export function* diagnose<Patient>(
  patient: Patient,
  examinations: readonly Examination<Patient>[],
): Generator<Finding> {
  for (const examination of examinations) {
    const { name } = examination
    const verdict = verdictOf(examination, patient)
    if (typeof verdict === 'string') yield { sign: 'ok', examination: name, text: verdict }
    else for (const symptom of verdict ?? []) yield findingOf(name, symptom)
  }
}

function verdictOf<Patient>(examination: Examination<Patient>, patient: Patient): Verdict {
  try {
    return examination.examine(patient)
  } catch (error) {
    return [{ ailment: NOT_EXAMINED, detail: messageOf(error) }]
  }
}

function findingOf(
  examination: string,
  { ailment, detail }: { readonly ailment: Ailment; readonly detail: string },
): Finding {
  const { sign, id, what, why, wayOut } = ailment
  return { sign, examination, id, text: `${what}: ${detail}`, why, wayOut }
}

/** Returns what an error says, whatever was thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
