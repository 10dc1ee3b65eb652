/** Gives the reader a file, and puts text on the clipboard. */

/** Offers `text` as a file named `name`. */
export function download(name: string, text: string): void {
  const url = URL.createObjectURL(new Blob([text], { type: 'text/csv;charset=utf-8' }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The browser has begun to read it by then; without this it stays in memory for as long as the page.
  setTimeout(() => URL.revokeObjectURL(url), 10_000)
}

/** Copies `text`; answers whether that worked. Over plain HTTP from another machine browsers give no clipboard. */
export async function copy(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return false
  }
}
