/**
 * What the engine answers when it is asked for a container's log, as lines. Without a terminal it is frames
 * (`[stream, 0, 0, 0, length as four bytes]`, then so many bytes), each one message or a part of a long one; with a
 * terminal it is the bare text. Asked for with timestamps, the two cannot be mistaken: text begins with a digit.
 * Bounded: of a longer log the newest lines are kept.
 */
import type { LogLine } from '@plimsoll/contracts/http'
import { parseIsoTime } from '@plimsoll/contracts/time'

/** Characters of all lines kept, and of one line. */
export const MAX_LOG_CHARS = 1024 * 1024
export const MAX_LINE_CHARS = 16 * 1024
/** The engine splits messages at 16 KiB; a frame that says it is much longer is none. */
const MAX_FRAME_BYTES = 1024 * 1024
const HEADER_BYTES = 8

interface Open {
  at: LogLine['at']
  text: string
  readonly decoder: InstanceType<typeof TextDecoder>
}

export interface LogReader {
  kind: 'unknown' | 'frames' | 'text'
  rest: Uint8Array
  /** The line each stream is in the midst of. */
  readonly open: Map<LogLine['stream'], Open>
  readonly lines: LogLine[]
  chars: number
  truncated: boolean
  readonly decoder: InstanceType<typeof TextDecoder>
}

export function newLogReader(): LogReader {
  const rest = new Uint8Array(0)
  const none = { open: new Map(), lines: [], chars: 0, truncated: false }
  return { kind: 'unknown', rest, ...none, decoder: new TextDecoder() }
}

/** Takes the next bytes in, however they are split. */
export function feedLog(reader: LogReader, chunk: Uint8Array): void {
  const first = reader.rest[0] ?? chunk[0]
  if (first === undefined) return
  if (reader.kind === 'unknown') reader.kind = first <= 2 ? 'frames' : 'text'
  if (reader.kind === 'text') takeText(reader, reader.decoder.decode(chunk, { stream: true }))
  else takeFrames(reader, chunk)
}

function takeFrames(reader: LogReader, chunk: Uint8Array): void {
  let bytes = joined(reader.rest, chunk)
  while (bytes.length >= HEADER_BYTES) {
    const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(4)
    if (length > MAX_FRAME_BYTES) {
      // Out of step: what follows cannot be told apart any more.
      reader.truncated = true
      bytes = new Uint8Array(0)
      break
    }
    if (bytes.length < HEADER_BYTES + length) break
    takeFrame(reader, bytes[0] === 2 ? 'stderr' : 'stdout', bytes.subarray(HEADER_BYTES, HEADER_BYTES + length))
    bytes = bytes.subarray(HEADER_BYTES + length)
  }
  reader.rest = bytes.slice()
}

/** All lines, oldest first, the one that has not ended too. */
export function endLog(reader: LogReader): { readonly lines: readonly LogLine[]; readonly truncated: boolean } {
  if (reader.kind === 'text') takeText(reader, reader.decoder.decode())
  for (const [stream, { at, text, decoder }] of reader.open) {
    const rest = text + decoder.decode()
    if (reader.kind === 'text' && rest !== '') keepText(reader, rest)
    else if (rest !== '') keep(reader, { at, stream, text: rest })
  }
  reader.open.clear()
  return { lines: reader.lines, truncated: reader.truncated }
}

function joined(a: Uint8Array, b: Uint8Array): Uint8Array {
  if (a.length === 0) return b
  const both = new Uint8Array(a.length + b.length)
  both.set(a)
  both.set(b, a.length)
  return both
}

const SPACE = 0x20
const LINE_END = 0x0a
/** `2026-11-21T14:00:00.123456789Z`, or with an offset. */
const MAX_TIME_CHARS = 36

/** Each frame begins with its time; of a message in parts, the first part's counts. */
function takeFrame(reader: LogReader, stream: LogLine['stream'], payload: Uint8Array): void {
  const space = payload.subarray(0, MAX_TIME_CHARS).indexOf(SPACE)
  const at = space < 0 ? null : parseIsoTime(String.fromCharCode(...payload.subarray(0, space)))
  const open = reader.open.get(stream) ?? { at, text: '', decoder: new TextDecoder() }
  reader.open.set(stream, open)
  const text = open.decoder.decode(at === null ? payload : payload.subarray(space + 1), { stream: true })
  const parts = (open.text + text).split('\n')
  open.text = short(reader, parts.pop() ?? '')
  for (const part of parts) keep(reader, { at: open.at, stream, text: part })
  // Half a character may wait in the decoder though there is no text yet.
  if (payload.at(-1) === LINE_END) reader.open.delete(stream)
}

function takeText(reader: LogReader, text: string): void {
  const open = reader.open.get('stdout') ?? { at: null, text: '', decoder: new TextDecoder() }
  reader.open.set('stdout', open)
  const parts = (open.text + text).split('\n')
  open.text = short(reader, parts.pop() ?? '')
  for (const part of parts) keepText(reader, part)
}

/** A terminal ends its lines with CR LF. */
function keepText(reader: LogReader, line: string): void {
  const space = line.slice(0, MAX_TIME_CHARS).indexOf(' ')
  const at = space < 0 ? null : parseIsoTime(line.slice(0, space))
  keep(reader, { at, stream: 'stdout', text: (at === null ? line : line.slice(space + 1)).replace(/\r$/, '') })
}

function short(reader: LogReader, text: string): string {
  if (text.length <= MAX_LINE_CHARS) return text
  reader.truncated = true
  return text.slice(0, MAX_LINE_CHARS).toWellFormed()
}

function keep(reader: LogReader, line: LogLine): void {
  const text = short(reader, line.text)
  reader.lines.push({ ...line, text })
  reader.chars += text.length
  let drop = 0
  while (reader.chars > MAX_LOG_CHARS) reader.chars -= reader.lines[drop++]?.text.length ?? reader.chars
  if (drop === 0) return
  reader.lines.splice(0, drop)
  reader.truncated = true
}
