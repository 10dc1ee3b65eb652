/** The newest look at one container as names and values: only what is known. */
import { DETAILS, type DetailName, type DetailNumbers } from '@plimsoll/contracts/details'
import { bytesText, memoryText, percentText } from '@plimsoll/contracts/text'

const labels: Readonly<Record<DetailName, string>> = {
  cpuUserPercent: 'CPU in its own code',
  cpuSystemPercent: 'CPU in the kernel',
  throttledPercentOfTime: 'Held back by the CPU limit',
  memoryCacheBytes: 'Page cache',
  memoryRssBytes: 'Anonymous memory',
  memorySwapBytes: 'In swap',
  memoryPinnedBytes: 'Not to be dropped',
  memoryPeakBytes: 'Highest usage',
  memoryFailures: 'Memory limit hit',
  oomKills: 'Killed for memory',
  receivedPacketsPerSecond: 'Packets received',
  sentPacketsPerSecond: 'Packets sent',
  networkErrors: 'Network errors',
  networkDrops: 'Packets dropped',
  readOperationsPerSecond: 'Reads',
  writeOperationsPerSecond: 'Writes',
  pidsLimit: 'Limit of processes',
  cpuPressurePercent: 'Waited for CPU',
  memoryPressurePercent: 'Waited for memory',
  ioPressurePercent: 'Waited for disks',
}

function valueText(name: DetailName, value: number): string {
  const { unit } = DETAILS[name]
  if (unit === 'percent') return percentText(value)
  if (unit === 'bytes') return name.startsWith('memory') ? memoryText(value) : bytesText(value)
  if (name.endsWith('PerSecond')) return `${value < 10 ? value.toFixed(1) : Math.round(value)} a second`
  return String(value)
}

/** A row for each detail that is known, with what it means. */
export function detailRows(details: DetailNumbers): readonly (readonly [label: string, value: string, doc: string])[] {
  return (Object.keys(labels) as DetailName[]).flatMap((name) => {
    const value = details[name]
    return value === null || value === undefined ? [] : [[labels[name], valueText(name, value), DETAILS[name].doc]]
  })
}
