/** The loop of the terminal view: what the monitor says and what the reader presses, joined into one screen. */
import type { Answers, Fetched } from './core/answers.ts'
import type { Glyphs } from './core/bar.ts'
import { isUnfinished, keysOf } from './core/keys.ts'
import { rendered, repaint } from './core/paint.ts'
import { type Screen, screen } from './core/screen.ts'
import { type Action, EMPTY, reduce, type State } from './core/state.ts'
import { FIRST_UI, pressed, type Shown, type Ui, type Wish } from './core/ui.ts'
import type { Terminal, TerminalListener } from './io/terminal.ts'

/** What the loop needs of the world; a test passes its own. */
export interface LiveWorld {
  readonly where: string
  readonly glyphs: Glyphs
  readonly colour: boolean
  readonly now: () => number
  readonly connect: (dispatch: (action: Action) => void) => () => void
  readonly status: () => Promise<Fetched<Answers['status']>>
  readonly host: () => Promise<Fetched<Answers['host']>>
  readonly history: (name: string) => Promise<Fetched<Answers['history']>>
  readonly terminal: (listener: TerminalListener) => Terminal
}

/** Changes that come together are drawn together. */
const PAINT_DELAY_MS = 30
/** Clocks and ages go on when the monitor says nothing. */
const CLOCK_MS = 1000
const STATUS_MS = 5000
/** How long the rest of a key's sequence may take; a slow line cuts one in two. */
const KEY_MS = 40

/** Runs until the reader quits, the terminal is gone or `stop` is called. */
export class Live {
  readonly #world: LiveWorld
  #state: State = EMPTY
  #ui: Ui = FIRST_UI
  #shown: Shown = { names: [], page: 1, maxScroll: 0 }
  /** What the terminal shows; `null` when that is not known. */
  #painted: readonly string[] | null = null
  #paintTimer: NodeJS.Timeout | null = null
  #timers: readonly NodeJS.Timeout[] = []
  #keyTimer: NodeJS.Timeout | null = null
  #typed = ''
  #terminal: Terminal | null = null
  #disconnect: () => void = () => {}
  #done: () => void = () => {}

  constructor(world: LiveWorld) {
    this.#world = world
  }

  /** Takes the terminal, and gives it back when it answers. */
  run(): Promise<void> {
    const over = new Promise<void>((resolve) => {
      this.#done = resolve
    })
    this.#terminal = this.#world.terminal({
      onInput: (text) => this.#input(text, false),
      onResize: () => this.#redraw(),
      onDrain: () => this.#soon(),
      onResume: () => this.#redraw(),
      onGone: () => this.stop(),
    })
    this.#disconnect = this.#world.connect((action) => this.#dispatch(action))
    this.#timers = [setInterval(() => this.#soon(), CLOCK_MS), setInterval(() => void this.#askStatus(), STATUS_MS)]
    void this.#askStatus()
    this.#paint()
    return over
  }

  stop(): void {
    for (const timer of this.#timers) clearInterval(timer)
    if (this.#paintTimer !== null) clearTimeout(this.#paintTimer)
    if (this.#keyTimer !== null) clearTimeout(this.#keyTimer)
    this.#disconnect()
    this.#terminal?.close()
    this.#terminal = null
    this.#done()
  }

  #dispatch(action: Action): void {
    this.#state = reduce(this.#state, action)
    // After a reconnection the minutes in between are missing from the container that is looked at.
    if (action.kind === 'snapshot' && this.#ui.view.kind === 'detail') void this.#look(this.#ui.view.name)
    this.#soon()
  }

  async #askStatus(): Promise<void> {
    const [status, host] = await Promise.all([this.#world.status(), this.#world.host()])
    this.#dispatch({ kind: 'own', own: status.ok ? status.answer.own : null })
    this.#dispatch({ kind: 'host', host: host.ok ? host.answer : null })
  }

  #input(text: string, complete: boolean): void {
    if (this.#keyTimer !== null) clearTimeout(this.#keyTimer)
    this.#keyTimer = null
    this.#typed += text
    if (!complete && isUnfinished(this.#typed)) {
      this.#keyTimer = setTimeout(() => this.#input('', true), KEY_MS)
      return
    }
    const keys = keysOf(this.#typed)
    this.#typed = ''
    for (const key of keys) {
      const [ui, wish] = pressed(this.#ui, key, this.#shown)
      this.#ui = ui
      if (wish !== null) this.#fulfil(wish)
      if (this.#terminal === null) return
      // The next key of the same chunk acts on what this one has shown.
      this.#shown = this.#screen().shown
    }
    this.#paint()
  }

  #fulfil(wish: Wish): void {
    switch (wish.kind) {
      case 'quit':
        this.stop()
        return
      case 'suspend':
        this.#terminal?.suspend()
        return
      case 'redraw':
        this.#painted = null
        return
      case 'look':
        void this.#look(wish.name)
        return
    }
  }

  async #look(name: string): Promise<void> {
    this.#dispatch({ kind: 'look', name })
    const fetched = await this.#world.history(name)
    if (fetched.ok) this.#dispatch({ kind: 'history', history: fetched.answer })
    else this.#dispatch({ kind: 'no-history', name, why: fetched.why })
  }

  #soon(): void {
    // An answer may come after the end.
    if (this.#terminal === null) return
    this.#paintTimer ??= setTimeout(() => this.#paint(), PAINT_DELAY_MS)
  }

  #redraw(): void {
    this.#painted = null
    this.#paint()
  }

  #screen(): Screen {
    const size = this.#terminal?.size() ?? { columns: 80, rows: 24 }
    const { glyphs, where, now } = this.#world
    return screen(this.#state, this.#ui, { size, now: now(), glyphs, where })
  }

  #paint(): void {
    if (this.#paintTimer !== null) clearTimeout(this.#paintTimer)
    this.#paintTimer = null
    if (this.#terminal === null || !this.#terminal.ready()) return
    const { lines, shown } = this.#screen()
    this.#shown = shown
    const rows = rendered(lines, this.#terminal.size().columns, this.#world.colour)
    const text = repaint(this.#painted, rows)
    this.#painted = rows
    if (text !== '') this.#terminal.write(text)
  }
}
