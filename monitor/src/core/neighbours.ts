/** Who was big at one moment, and who needs whom: the company a container keeps, for evidence. */
import type { EvidenceBond, EvidenceNeighbours } from '@plimsoll/contracts/evidence'
import type { Numbers } from '@plimsoll/contracts/metrics'
import type { EpochMs } from '@plimsoll/contracts/time'
import type { Life } from './berth.ts'
import type { Subject } from './observation.ts'

const MAX_NEIGHBOURS = 5
const MAX_BONDS = 50

/** The biggest of all at one moment: many alerts of that moment share it. */
export type Company = EvidenceNeighbours

/** One more than is told of each: the container itself may be among them. Who used nothing is not big. */
export function companyOf(
  at: EpochMs | null,
  all: readonly { readonly name: string; readonly numbers: Pick<Numbers, 'cpuPercent' | 'memoryUsedBytes'> }[],
): Company {
  const byCpu = all.flatMap(({ name, numbers: { cpuPercent } }) => (cpuPercent ? [{ name, cpuPercent }] : []))
  const byMemory = all.flatMap(({ name, numbers: { memoryUsedBytes } }) =>
    memoryUsedBytes ? [{ name, memoryUsedBytes }] : [],
  )
  return {
    at,
    byCpu: byCpu.sort((a, b) => b.cpuPercent - a.cpuPercent).slice(0, MAX_NEIGHBOURS + 1),
    byMemory: byMemory.sort((a, b) => b.memoryUsedBytes - a.memoryUsedBytes).slice(0, MAX_NEIGHBOURS + 1),
  }
}

/** The biggest but the container itself; `null` leaves nobody out. */
export function neighboursOf(company: Company, name: string | null): EvidenceNeighbours {
  const others = <T extends { readonly name: string }>(list: readonly T[]) =>
    list.filter((one) => one.name !== name).slice(0, MAX_NEIGHBOURS)
  return { at: company.at, byCpu: others(company.byCpu), byMemory: others(company.byMemory) }
}

type Party = Pick<Life, 'state' | 'subject'>

const bondOf = ({ subject, state }: Party): EvidenceBond => ({ name: subject.name, state })
const answersTo = ({ subject }: Party, name: string) =>
  subject.name === name || (subject.aliases?.includes(name) ?? false)

/** Who depends on `subject`, by the labels of those that are there. */
export function dependentsOf(all: Iterable<Party>, { name, aliases = [] }: Subject): readonly EvidenceBond[] {
  const names = [name, ...aliases]
  const found: EvidenceBond[] = []
  for (const one of all) {
    if (found.length === MAX_BONDS) break
    if (one.subject.name !== name && one.subject.dependsOn?.some((of) => names.includes(of))) found.push(bondOf(one))
  }
  return found
}

/**
 * Whom `subject` depends on. A label names containers or services, and stands here as both (`core/bonds.ts`): what
 * nobody answers to is told once, under its bare name.
 */
export function dependenciesOf(all: readonly Party[], { name: own, dependsOn = [] }: Subject): readonly EvidenceBond[] {
  const found = new Map<string, EvidenceBond>()
  const answered = new Set<string>()
  const bare = (name: string) => name.slice(name.lastIndexOf('/') + 1)
  for (const name of dependsOn) {
    for (const one of all) {
      if (one.subject.name === own || !answersTo(one, name)) continue
      found.set(one.subject.name, bondOf(one))
      answered.add(bare(name))
    }
  }
  for (const name of dependsOn) {
    if (!answered.has(bare(name))) found.set(bare(name), { name: bare(name), state: null })
  }
  return [...found.values()].slice(0, MAX_BONDS)
}
