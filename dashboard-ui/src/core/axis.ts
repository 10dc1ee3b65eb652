/** How an axis is written: like the value beside it, less the digits that say nothing. */
import { latencyText, rateText } from '@plimsoll/contracts/text'

/** `1.00 kB/s` → `1 kB/s`, `2.50 kB/s` → `2.5 kB/s`. */
function short(text: string): string {
  return text.replace(/(\.\d*?)0+(?= )/, '$1').replace(/\.(?= )/, '')
}

/** `25 %`; the zero of an axis needs no unit. */
export function percentAxis(value: number): string {
  return value === 0 ? '0' : `${Number(value.toFixed(1))} %`
}

export function latencyAxis(value: number): string {
  return value === 0 ? '0' : short(latencyText(value))
}

export function rateAxis(value: number): string {
  return value === 0 ? '0' : short(rateText(value))
}

export function countAxis(value: number): string {
  return Number.isInteger(value) ? String(value) : ''
}
