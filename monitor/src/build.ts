/** Where the page is, and what tells one build of it from another. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const PAGE_DIR = fileURLToPath(new URL('../../dashboard-ui/dist', import.meta.url))

/** The version, and a hash of the page, whose `index.html` names its files by their content: `0.1.0-3fa2c1d4`. */
export function buildName(): string {
  const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as {
    version: string
  }
  try {
    const page = readFileSync(`${PAGE_DIR}/index.html`)
    return `${version}-${createHash('sha256').update(page).digest('hex').slice(0, 8)}`
  } catch {
    return `${version}-without-page`
  }
}
