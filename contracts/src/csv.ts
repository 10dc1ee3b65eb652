/** The columns of `logs/metrics-YYYY-MM-DD.csv`, in order. New columns are appended; the old keep name and place. */
import type { MetricName } from './metrics.ts'

/** What a row says of a container besides its numbers. */
export type CsvFact = 'time' | 'host' | 'container' | 'id' | 'image' | 'state' | 'health' | 'probe'

export interface CsvColumn {
  readonly header: string
  readonly from: CsvFact | MetricName
}

export const CSV_COLUMNS: readonly CsvColumn[] = [
  { header: 'time', from: 'time' },
  { header: 'host', from: 'host' },
  { header: 'container', from: 'container' },
  { header: 'id', from: 'id' },
  { header: 'image', from: 'image' },
  { header: 'state', from: 'state' },
  { header: 'health', from: 'health' },
  { header: 'cpu_percent', from: 'cpuPercent' },
  { header: 'cpu_limit_percent', from: 'cpuLimitPercent' },
  { header: 'cpu_host_percent', from: 'cpuHostPercent' },
  { header: 'throttled_percent', from: 'throttledPercent' },
  { header: 'memory_used_bytes', from: 'memoryUsedBytes' },
  { header: 'memory_limit_bytes', from: 'memoryLimitBytes' },
  { header: 'memory_percent', from: 'memoryPercent' },
  { header: 'network_received_bytes', from: 'networkReceivedBytes' },
  { header: 'network_sent_bytes', from: 'networkSentBytes' },
  { header: 'network_received_bytes_per_second', from: 'networkReceivedBytesPerSecond' },
  { header: 'network_sent_bytes_per_second', from: 'networkSentBytesPerSecond' },
  { header: 'block_read_bytes', from: 'blockReadBytes' },
  { header: 'block_written_bytes', from: 'blockWrittenBytes' },
  { header: 'block_read_bytes_per_second', from: 'blockReadBytesPerSecond' },
  { header: 'block_written_bytes_per_second', from: 'blockWrittenBytesPerSecond' },
  { header: 'pids', from: 'pids' },
  { header: 'response_ms', from: 'responseMs' },
  { header: 'probe', from: 'probe' },
]
