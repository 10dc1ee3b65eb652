/** `.env-sample` as text, made from what the services declare, so that it cannot say anything else. */
import type { Declared } from '@plimsoll/contracts/settings'

export interface Section {
  readonly title: string
  readonly declared: Declared
}

const head = `# Every setting with its default. Copy this file to .env and take away the # before a line to change it.
# Durations take a suffix (250ms, 2s, 5m, 14d); a bare number is in the unit named. Empty means not set.
# A secret can be given as NAME_FILE, the path of a file that holds it.
`

/** One entry for each setting, in the section that declares it first. */
export function envSample(sections: readonly Section[]): string {
  const seen = new Set<string>()
  const parts = sections.map(({ title, declared }) => {
    const entries = Object.entries(declared).filter(([name]) => !seen.has(name))
    for (const [name] of entries) seen.add(name)
    const lines = entries.map(([name, setting]) => {
      const notes = [setting.unit, setting.secret ? 'secret' : null].filter((note) => note != null)
      return `# ${setting.doc}${notes.length > 0 ? ` (${notes.join(', ')})` : ''}\n#${name}=${setting.fallback ?? ''}\n`
    })
    return `\n# ── ${title} ${'─'.repeat(Math.max(0, 110 - title.length))}\n\n${lines.join('\n')}`
  })
  return head + parts.join('')
}
