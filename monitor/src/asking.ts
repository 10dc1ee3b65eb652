/** Inspects by id: a few at a time, each id at most once under way and once waiting. */
import type { Inspected } from './core/engine-words.ts'

const PARALLEL = 6

export interface AskingParts {
  /** `null` when the engine no longer has it. */
  readonly inspect: (id: string) => Promise<Inspected | null>
  readonly answered: (id: string, answer: Inspected | null, askedAfter: number) => void
  /** How many events were heard so far. */
  readonly heard: () => number
}

/** What was asked while the engine was away is not kept: after a reconnect all are asked anyway. */
export class Asking {
  readonly #parts: AskingParts
  readonly #waiting = new Set<string>()
  readonly #underWay = new Set<string>()
  #stopped = false

  constructor(parts: AskingParts) {
    this.#parts = parts
  }

  ask(id: string): void {
    this.#waiting.add(id)
    this.#next()
  }

  /**
   * Inspects all of these, and answers with all answers. One container that hangs, as some do in a busy engine, or is
   * gone by now, is left out; only if none answers, this fails.
   */
  async askAll(ids: readonly string[]): Promise<readonly Inspected[]> {
    const answers: Inspected[] = []
    const failures: unknown[] = []
    let next = 0
    const worker = async () => {
      for (let id = ids[next++]; id !== undefined; id = ids[next++]) {
        await this.#parts.inspect(id).then(
          (answer) => answer !== null && answers.push(answer),
          (error: unknown) => failures.push(error),
        )
      }
    }
    await Promise.all(Array.from({ length: Math.min(PARALLEL, ids.length) }, worker))
    if (answers.length === 0 && failures.length > 0) throw failures[0]
    return answers
  }

  stop(): void {
    this.#stopped = true
    this.#waiting.clear()
  }

  #next(): void {
    for (const id of this.#waiting) {
      if (this.#stopped || this.#underWay.size >= PARALLEL) return
      // One under way was asked before what made it be asked again: its answer may be too old.
      if (this.#underWay.has(id)) continue
      this.#waiting.delete(id)
      this.#underWay.add(id)
      void this.#inspect(id)
    }
  }

  async #inspect(id: string): Promise<void> {
    const askedAfter = this.#parts.heard()
    try {
      const answer = await this.#parts.inspect(id)
      this.#underWay.delete(id)
      if (!this.#stopped) this.#parts.answered(id, answer, askedAfter)
    } catch {
      // The engine is slow or away: the watcher notices by itself, and the next look at the list asks again.
      this.#underWay.delete(id)
    }
    this.#next()
  }
}
