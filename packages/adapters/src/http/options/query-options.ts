import { checkBoolean, checkChoice, checkOptions } from '@diskcache/core'
import { nameTest } from '../rules/name-patterns.ts'
import type { QueryRules } from '../rules/target/query.ts'
import { namesOf } from './field-options.ts'

/** Which parts of a query tell pages apart. Names may be patterns with one `*` at an end. */
export interface QueryOptions {
  /** Parameters that the application does not answer by, such as `TRACKING_PARAMETERS`. None by default. */
  ignore?: readonly string[] | undefined
  /** The parameters that the application answers by, where it does by no others. Left out: by any. */
  only?: readonly string[] | undefined
  /** Whether the order of the parameters does not matter; `false` by default. */
  sort?: boolean | undefined
}

/** Completes the option `query`. */
export function queryOf(query: 'raw' | 'sorted' | QueryOptions = 'raw'): QueryRules {
  if (typeof query !== 'object' || query === null) {
    const sort = checkChoice('query', query, ['raw', 'sorted'], '{ ignore, only, sort }') === 'sorted'
    return { ignore: undefined, only: undefined, sort }
  }
  checkOptions('query', query, ['ignore', 'only', 'sort'])
  const { ignore, only, sort = false } = query
  checkBoolean('query.sort', sort)
  return {
    // `a[b]` goes with `a`.
    ignore: ignore === undefined ? undefined : nameTest(namesOf('query.ignore', ignore, { form: /^[^[]+$/ })),
    only: only === undefined ? undefined : nameTest(namesOf('query.only', only)),
    sort,
  }
}
