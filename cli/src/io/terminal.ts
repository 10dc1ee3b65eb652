/** The terminal: raw keys in, frames out, and left as it was found however the process ends. */
import type { ReadStream, WriteStream } from 'node:tty'
import { ENTER_SCREEN, LEAVE_SCREEN } from '../core/paint.ts'
import type { Size } from '../core/screen.ts'

export interface Terminal {
  readonly size: () => Size
  /** False while the terminal has not taken what was written before: a slow line skips frames, it never queues them. */
  readonly ready: () => boolean
  readonly write: (text: string) => void
  /** Gives the terminal back for as long as the shell has it (Ctrl-Z). */
  readonly suspend: () => void
  readonly close: () => void
}

export interface TerminalListener {
  readonly onInput: (text: string) => void
  readonly onResize: () => void
  /** The terminal takes output again. */
  readonly onDrain: () => void
  /** It was given back after `suspend`: nothing is known of what it shows. */
  readonly onResume: () => void
  /** The terminal is gone (the ssh connection broke). */
  readonly onGone: () => void
}

const SMALLEST: Size = { columns: 20, rows: 5 }

/** Takes over the terminal. `close` gives it back, and so does the end of the process, whatever ended it. */
export function openTerminal(input: ReadStream, output: WriteStream, listener: TerminalListener): Terminal {
  let open = true
  let full = false
  const enter = () => {
    input.setRawMode(true)
    output.write(ENTER_SCREEN)
  }
  const leave = () => {
    try {
      if (input.isTTY && !input.destroyed) input.setRawMode(false)
      output.write(LEAVE_SCREEN)
    } catch {
      // The terminal may be gone: then there is nothing to restore.
    }
  }
  const onEnd = () => {
    if (open) leave()
    open = false
  }
  const onData = (chunk: Buffer) => listener.onInput(chunk.toString('utf8'))
  const onDrain = () => {
    full = false
    listener.onDrain()
  }
  const onContinue = () => {
    enter()
    listener.onResume()
  }
  process.on('exit', onEnd)
  process.on('SIGCONT', onContinue)
  input.on('data', onData).on('error', listener.onGone).on('end', listener.onGone)
  output.on('resize', listener.onResize).on('drain', onDrain).on('error', listener.onGone)
  enter()
  input.resume()
  return {
    size: () => ({
      columns: Math.max(SMALLEST.columns, output.columns || 80),
      rows: Math.max(SMALLEST.rows, output.rows || 24),
    }),
    ready: () => !full,
    write: (text) => {
      full = !output.write(text)
    },
    suspend: () => {
      leave()
      // The whole group, as the terminal itself would: `npm run` waits beside us.
      process.kill(0, 'SIGTSTP')
    },
    close: () => {
      process.off('SIGCONT', onContinue).off('exit', onEnd)
      input.off('data', onData).pause()
      output.off('resize', listener.onResize).off('drain', onDrain)
      onEnd()
    },
  }
}
