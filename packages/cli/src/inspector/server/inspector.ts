import type { AsyncStore, ListedEntry } from '@diskcache/core'
import type { Target } from '../../reading/targets/target.ts'
import type { Live } from '../protocol/api.ts'
import { checkLiving, checkRewritable, isExpired } from './change-check.ts'
import { changeEntries, isChange } from './entry-change.ts'
import { bytesAnswer, failureAnswer, jsonAnswer, pictureAnswer } from './http/answers.ts'
import type { InspectorAnswer, InspectorRequest } from './http/exchange.ts'
import { pageAnswer } from './http/page-files.ts'
import { Refusal } from './http/refusal.ts'
import { checkChange, checkQuestion, jsonBody } from './http/request-check.ts'
import { askedKey } from './looking/asked-key.ts'
import { entriesQuery } from './looking/entries-query.ts'
import { entryDetail } from './looking/entry-detail.ts'
import { findEntry } from './looking/find-entry.ts'
import { overviewOf } from './looking/overview.ts'
import { Sampler } from './looking/sampler.ts'
import { Searches } from './looking/searches.ts'
import { storedBytes, storedPicture } from './looking/stored-bytes.ts'
import { SurveyRun } from './looking/survey-run.ts'

/** What an inspector may do, and for whom. */
export interface InspectorRights {
  /** The bytes of the largest value that is read, in one piece. */
  readonly mostBytes: number
  /** Returns the store through which entries are changed; without it nothing is. */
  readonly writer?: (() => Promise<AsyncStore>) | undefined
  /** Whether a change has to name where it comes from: the address has no secret in it. */
  readonly isNamed: boolean
}

type Question = (asked: URLSearchParams) => Promise<InspectorAnswer>

/**
 * Answers the requests of the page about one store. It knows no server and no framework, closes nothing, and does
 * nothing while nobody asks.
 */
export class Inspector {
  readonly #target: Target
  readonly #rights: InspectorRights
  readonly #searches: Searches
  readonly #survey: SurveyRun
  readonly #sampler: Sampler
  readonly #questions: Readonly<Record<string, Question>>

  constructor(target: Target, rights: InspectorRights) {
    this.#target = target
    this.#rights = rights
    this.#searches = new Searches(target)
    this.#survey = new SurveyRun(target)
    this.#sampler = new Sampler(target)
    this.#questions = {
      overview: async () => jsonAnswer(await overviewOf(target, rights.writer === undefined)),
      entries: async (asked) => jsonAnswer(await this.#entries(asked)),
      entry: async (asked) => jsonAnswer(await entryDetail(target, idOf(asked), rights.mostBytes)),
      survey: async () => jsonAnswer(await this.#survey.sums()),
      live: async (asked) => jsonAnswer(await this.#live(Number(asked.get('since') ?? 0))),
      picture: async (asked) => this.#picture(idOf(asked)),
      bytes: async (asked) => bytesAnswer(await storedBytes(target, idOf(asked), rights.mostBytes)),
    }
  }

  /** Answers a request. It never rejects: what goes wrong is an answer, too. */
  async answer(request: InspectorRequest): Promise<InspectorAnswer> {
    try {
      return await this.#answer(request)
    } catch (error) {
      return failureAnswer(error)
    }
  }

  /** Ends what goes on for those who asked, and lets go of the target, which stays open. */
  close(): void {
    this.#searches.close()
    this.#survey.close()
    this.#sampler.close()
  }

  #answer(request: InspectorRequest): Promise<InspectorAnswer> | InspectorAnswer {
    const page = pageAnswer(request.path)
    if (page !== undefined) {
      checkMethod(request, 'GET, HEAD')
      return page
    }
    const [, name = ''] = /^\/api\/([a-z]+)$/.exec(request.path) ?? []
    const question = Object.hasOwn(this.#questions, name) ? this.#questions[name] : undefined
    if (question !== undefined) {
      checkMethod(request, 'GET, HEAD')
      checkQuestion(request)
      return question(new URLSearchParams(request.query))
    }
    if (!isChange(name)) throw new Refusal(404, 'There is nothing here')
    checkMethod(request, 'POST')
    return this.#change(request, name)
  }

  async #change(request: InspectorRequest, action: string): Promise<InspectorAnswer> {
    checkChange(request, this.#rights.isNamed)
    const { writer } = this.#rights
    if (writer === undefined) throw new Refusal(403, 'Cannot change anything: this inspector only reads')
    const body = jsonBody(request)
    const entry = action === 'evict' ? undefined : await this.#entryOf(body)
    if (entry !== undefined && action !== 'delete') checkLiving(entry)
    // To pin an entry is to write it anew.
    if (entry !== undefined && action === 'pin')
      await checkRewritable(this.#target, entry, this.#rights.mostBytes)
    const changed = await changeEntries(await writer(), action, body)
    // A store removes one that has expired, and says that there was none.
    const wasExpired = entry !== undefined && action === 'delete' && isExpired(entry)
    return jsonAnswer(wasExpired ? { entries: 1 } : changed)
  }

  /** Returns the entry that is to be changed, if it is there. */
  async #entryOf({ id }: Readonly<Record<string, unknown>>): Promise<ListedEntry | undefined> {
    return typeof id === 'string' ? findEntry(this.#target, askedKey(id), id) : undefined
  }

  #entries(asked: URLSearchParams) {
    const number = asked.get('search')
    return number === null ? this.#searches.begin(entriesQuery(asked)) : this.#searches.goOn(number)
  }

  async #live(since: number): Promise<Live> {
    const [live, queues] = await Promise.all([this.#sampler.live(since), this.#survey.queues()])
    return { ...live, queues }
  }

  async #picture(id: string): Promise<InspectorAnswer> {
    const { mediaType, bytes } = await storedPicture(this.#target, id, this.#rights.mostBytes)
    return pictureAnswer(mediaType, bytes)
  }
}

function checkMethod({ method }: InspectorRequest, allowed: 'GET, HEAD' | 'POST'): void {
  if (allowed.split(', ').includes(method)) return
  throw new Refusal(405, `Cannot answer this method: ${allowed} is what is asked here`, { Allow: allowed })
}

function idOf(asked: URLSearchParams): string {
  const id = asked.get('id')
  if (id === null) throw new Refusal(400, 'Cannot look for an entry: there is no id')
  return id
}
