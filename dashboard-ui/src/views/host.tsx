/** The machine under the engine: CPU, memory, disks, network, and what watching it costs. */
import type { DiskView, HostAnswer, InterfaceView } from '@plimsoll/contracts/host'
import { bytesText, memoryText, percentText, rateText, UNKNOWN } from '@plimsoll/contracts/text'
import { useComputed } from '@preact/signals'
import type { ComponentChildren } from 'preact'
import { agoText } from '../core/say.ts'
import { fetchHost } from '../io/api.ts'
import { usePoll } from '../io/poll.ts'
import { engine } from '../store.ts'
import { Cost } from './cost.tsx'
import { type Fact, FactList } from './facts.tsx'
import { Dial, Level } from './mark.tsx'

const EVERY_MS = 5000

function sentence(host: HostAnswer): string {
  const up = host.upSeconds === null ? 'Up for an unknown time' : `Up for ${agoText(host.upSeconds * 1000)}`
  const load =
    host.load === null
      ? ''
      : `, load ${host.load.one.toFixed(2)} ${host.load.five.toFixed(2)} ${host.load.fifteen.toFixed(2)}`
  const cpus = host.cpu === null ? '' : ` on ${host.cpu.cpus} CPUs`
  const processes = host.processes === null ? '' : `, ${host.processes} processes`
  return `${up}${load}${cpus}${processes}.`
}

function worst(disks: readonly DiskView[]): DiskView | null {
  return disks.reduce<DiskView | null>(
    (most, disk) => (most === null || disk.percent > most.percent ? disk : most),
    null,
  )
}

function Dials(props: { host: HostAnswer }) {
  const { cpu, memory, disks, thresholds } = props.host
  const disk = worst(disks)
  const busy =
    cpu === null
      ? UNKNOWN
      : `user ${percentText(cpu.userPercent, 0)}, system ${percentText(cpu.systemPercent, 0)}, waiting ${percentText(cpu.iowaitPercent, 0)}`
  return (
    <section class="card now" aria-label="Levels now">
      <h2>Now</h2>
      <div class="dials three">
        <Dial
          label="CPU"
          percent={cpu?.percent ?? null}
          mark={thresholds?.cpuPercent ?? null}
          note={busy}
          hint="Share of all CPUs"
        />
        <Dial
          label="Memory"
          percent={memory?.percent ?? null}
          mark={thresholds?.memoryPercent ?? null}
          note={`${memoryText(memory?.usedBytes ?? null)} of ${memoryText(memory?.totalBytes ?? null)}`}
          hint="Total less what is available"
        />
        <Dial
          label="Fullest disk"
          percent={disk?.percent ?? null}
          mark={thresholds?.diskPercent ?? null}
          note={disk === null ? 'no disk can be read' : `${disk.name}: ${bytesText(disk.availableBytes)} free`}
          hint="As df counts: used as a share of used and available"
        />
      </div>
    </section>
  )
}

function DiskRow(props: { disk: DiskView; mark: number | null }) {
  const { disk } = props
  const percent = useComputed(() => disk.percent)
  return (
    <tr>
      <th scope="row">{disk.name}</th>
      <td>
        <div class="level-cell">
          <Level key={disk.percent} percent={percent} mark={props.mark} />
          <span class="reading">{percentText(disk.percent)}</span>
        </div>
      </td>
      <td class="num">{bytesText(disk.usedBytes)}</td>
      <td class="num">{bytesText(disk.availableBytes)}</td>
      <td class="num">{percentText(disk.inodesPercent, 0)}</td>
    </tr>
  )
}

function Table(props: { title: string; heads: readonly string[]; children: ComponentChildren; empty: boolean }) {
  return (
    <section class="card">
      <h2>{props.title}</h2>
      {props.empty ? (
        <p class="empty">Nothing is known.</p>
      ) : (
        <div class="scroll">
          <table class="list" aria-label={props.title}>
            <thead>
              <tr>
                {props.heads.map((head, i) => (
                  <th key={head} scope="col" class={i === 0 || head === 'Full' ? undefined : 'num'}>
                    {head}
                  </th>
                ))}
              </tr>
            </thead>
            <tbody>{props.children}</tbody>
          </table>
        </div>
      )}
    </section>
  )
}

function NetRow(props: { net: InterfaceView }) {
  const { net } = props
  return (
    <tr>
      <th scope="row">{net.name}</th>
      <td class="num">{rateText(net.receivedBytesPerSecond)}</td>
      <td class="num">{rateText(net.sentBytesPerSecond)}</td>
      <td class="num">{net.errors + net.drops}</td>
    </tr>
  )
}

function Tables(props: { host: HostAnswer }) {
  const { disks, devices, interfaces, thresholds } = props.host
  return (
    <>
      <Table title="Disks" heads={['Disk', 'Full', 'Used', 'Free', 'Inodes']} empty={disks.length === 0}>
        {disks.map((disk) => (
          <DiskRow key={disk.name} disk={disk} mark={thresholds?.diskPercent ?? null} />
        ))}
      </Table>
      <Table
        title="Network"
        heads={['Interface', 'Received', 'Sent', 'Errors and drops']}
        empty={interfaces.length === 0}
      >
        {interfaces.map((net) => (
          <NetRow key={net.name} net={net} />
        ))}
      </Table>
      <Table title="Disk devices" heads={['Device', 'Read', 'Written', 'Busy']} empty={devices.length === 0}>
        {devices.map((device) => (
          <tr key={device.name}>
            <th scope="row">{device.name}</th>
            <td class="num">{rateText(device.readBytesPerSecond)}</td>
            <td class="num">{rateText(device.writtenBytesPerSecond)}</td>
            <td class="num">{percentText(device.busyPercent)}</td>
          </tr>
        ))}
      </Table>
    </>
  )
}

function Facts(props: { host: HostAnswer }) {
  const { host } = props
  const view = engine.value
  const { swap, pressure } = host
  const warmest = host.temperatures.reduce<number | null>(
    (most, { celsius }) => Math.max(most ?? celsius, celsius),
    null,
  )
  const facts: readonly Fact[] = [
    [
      'Swap',
      swap === null
        ? UNKNOWN
        : swap.totalBytes === 0
          ? 'none'
          : `${memoryText(swap.usedBytes)} of ${memoryText(swap.totalBytes)}`,
    ],
    ['Threads', host.threads === null ? UNKNOWN : String(host.threads)],
    [
      'Pressure, 10 s',
      pressure === null
        ? 'the kernel does not tell'
        : `CPU ${percentText(pressure.cpuPercent)}, memory ${percentText(pressure.memoryPercent)}, I/O ${percentText(pressure.ioPercent)}`,
    ],
    ['Warmest sensor', warmest === null ? 'none' : `${warmest.toFixed(0)} °C`],
    ['Engine', view?.state === 'connected' ? `${view.version}, API ${view.apiVersion}, ${view.where}` : UNKNOWN],
  ]
  return (
    <section class="card">
      <h2>What else it tells</h2>
      <FactList facts={facts} />
    </section>
  )
}

/** `#/host`, asked for every five seconds while it is seen. */
export function HostPage() {
  const { answer: host, why } = usePoll(fetchHost, EVERY_MS, 'host')
  if (host === null)
    return (
      <main id="main">
        <h1>Host</h1>
        <p class="empty">{why === null ? 'Asking the monitor.' : `The monitor cannot tell: ${why}.`}</p>
      </main>
    )
  return (
    <main id="main">
      <header class="banner">
        <div>
          <h1>{host.host}</h1>
          <p class="sentence">{sentence(host)}</p>
          {host.why !== null && <p class="trouble">The host’s own files are not read: {host.why}.</p>}
        </div>
      </header>
      <Dials host={host} />
      <div class="pairs">
        <Tables host={host} />
        <Facts host={host} />
        <Cost />
      </div>
    </main>
  )
}
