/** Which lines each chart has, and how its numbers are written. */
import { latencyText, percentText, rateText } from '@plimsoll/contracts/text'
import { countAxis, latencyAxis, percentAxis, rateAxis } from '../core/axis.ts'
import type { ChartSpec } from './chart-card.tsx'

const levels: ChartSpec = {
  title: 'CPU and memory',
  series: [
    { metric: 'cpuLimitPercent', label: 'CPU', token: '--cpu', filled: true },
    { metric: 'memoryPercent', label: 'Memory', token: '--memory' },
    { metric: 'cpuLimitPercent', label: 'CPU peak', token: '--cpu', faint: true, peaks: true },
  ],
  format: percentText,
  axis: percentAxis,
  ceiling: { fixed: 100 },
}

export const CHARTS = {
  levels,
  /** For a container with a CPU limit: also how often the limit held it back. */
  limited: {
    ...levels,
    series: [...levels.series, { metric: 'throttledPercent', label: 'Throttled', token: '--warn' }],
  },
  response: {
    title: 'Response time',
    series: [
      { metric: 'responseMs', label: 'Response', token: '--cpu', filled: true },
      { metric: 'responseMs', label: 'Slowest', token: '--cpu', faint: true, peaks: true },
    ],
    format: latencyText,
    axis: latencyAxis,
    ceiling: { atLeast: 10 },
  },
  network: {
    title: 'Network',
    series: [
      { metric: 'networkReceivedBytesPerSecond', label: 'Received', token: '--cpu' },
      { metric: 'networkSentBytesPerSecond', label: 'Sent', token: '--memory' },
    ],
    format: rateText,
    axis: rateAxis,
    ceiling: { atLeast: 1000 },
  },
  block: {
    title: 'Block I/O',
    series: [
      { metric: 'blockReadBytesPerSecond', label: 'Read', token: '--cpu' },
      { metric: 'blockWrittenBytesPerSecond', label: 'Written', token: '--memory' },
    ],
    format: rateText,
    axis: rateAxis,
    ceiling: { atLeast: 1000 },
  },
  pids: {
    title: 'Processes and threads',
    series: [{ metric: 'pids', label: 'PIDs', token: '--cpu' }],
    format: (value) => (value === null ? '–' : String(Math.round(value))),
    axis: countAxis,
    ceiling: { atLeast: 10 },
  },
} as const satisfies Readonly<Record<string, ChartSpec>>
