/** The HTML of a message: one column that reads at 390 px, without images, in light and dark. Every value is escaped. */
import type { Fact } from './evidence.ts'
import { isOver, placeOf, type Story, spanText } from './story.ts'
import { acknowledgeOf, clock, linkOf, type MessageContext, oneLine, valueText, word } from './wording.ts'

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** Text that is safe inside an element and inside a quoted attribute. */
export function escapeHtml(text: string): string {
  return text.replaceAll(/[&<>"']/g, (c) => entities[c] ?? c)
}

/** A tagged template whose every value is escaped, but for what `html` itself made. */
export interface Html {
  readonly html: string
}

export function html(
  parts: TemplateStringsArray,
  ...values: readonly (string | number | Html | readonly Html[])[]
): Html {
  const shown = (value: string | number | Html | readonly Html[]): string => {
    if (typeof value === 'string' || typeof value === 'number') return escapeHtml(String(value))
    return 'html' in value ? value.html : value.map((one) => one.html).join('')
  }
  return { html: parts.reduce((text, part, i) => text + shown(values[i - 1] ?? '') + part) }
}

const NOTHING: Html = { html: '' }

/** The bar beside an alert; its word says the same without colour. */
function colour(story: Story): string {
  if (isOver(story)) return '#1a7f37'
  return story.severity === 'critical' ? '#cf222e' : '#9a6700'
}

const style: Html = {
  html: `<style>
:root{color-scheme:light dark}
body{margin:0;padding:16px;background:#fff;color:#1f2328;font:16px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif}
main{max-width:640px;margin:0 auto}
h1{font-size:20px;line-height:1.3;margin:0 0 12px}
h2{font-size:17px;line-height:1.35;margin:0 0 6px}
section{border-left:4px solid;padding:4px 0 4px 12px;margin:0 0 20px;overflow-wrap:anywhere}
p{margin:0 0 6px}.wide{overflow-x:auto;margin:0 0 16px}pre{margin:0 0 8px;padding:8px;border-radius:6px;background:#8b949e22;font-size:13px;white-space:pre-wrap}img{max-width:100%;height:auto;border-radius:6px}table{border-collapse:collapse;font-size:14px}th,td{text-align:left;padding:4px 12px 4px 0;vertical-align:top;border-bottom:1px solid #8b949e66}.dim{color:#57606a}a{color:#0550ae}
@media (prefers-color-scheme:dark){body{background:#0d1117;color:#e6edf3}.dim{color:#9198a1}a{color:#79c0ff}}
</style>`,
}

/** The chart and its words; the words alone say what it shows. */
function picture(story: Story, context: MessageContext): Html {
  const found = context.pictures?.get(story.id)
  if (found === undefined) return NOTHING
  const { cid, alt } = found
  return html`<p><img src="cid:${cid}" alt="${alt}" width="600" height="200"><br><span class="dim">${alt}</span></p>`
}

function factHtml({ title, text, printed }: Fact): Html {
  const lines = printed.length === 0 ? NOTHING : html`<pre>${printed.join('\n')}</pre>`
  return html`<p><strong>${title}:</strong> ${text}</p>${lines}`
}

function links(story: Story, context: MessageContext): Html {
  const acknowledge = acknowledgeOf(story, context)
  const there = isOver(story) || acknowledge !== null ? 'Show' : 'Show or acknowledge'
  const more = acknowledge === null ? NOTHING : html` · <a href="${acknowledge}">Acknowledge</a>`
  return html`<a href="${linkOf(story, context)}">${there} on the dashboard</a>${more}`
}

function section(story: Story, context: MessageContext): Html {
  const value = valueText(story)
  return html`<section style="border-color:${colour(story)}">
<h2>${word(story)}: ${placeOf(story)}</h2>
<p><strong>${oneLine(story.summary)}</strong></p>
${story.earlier === null ? NOTHING : html`<p>It began with: ${oneLine(story.earlier)}</p>`}
<p>${spanText(story, clock)}${value === null ? NOTHING : html`<br>${value}`}</p>
${picture(story, context)}${(context.facts?.get(story.id) ?? []).map(factHtml)}${story.late ? html`<p><em>Delivered late, at ${clock(context.now)}.</em></p>` : NOTHING}
<p class="dim">Rule ${story.rule} on host ${story.host} · ${links(story, context)}</p>
</section>`
}

export interface Page {
  readonly stories: readonly Story[]
  /** Said before the alerts: what is late, and of which project many are. */
  readonly above: readonly string[]
  /** Further alerts, in one line each. */
  readonly others: readonly string[]
  readonly rows: readonly string[]
  readonly counted: number
  readonly total: number
}

const list = (rows: readonly string[]) => html`<ul>${rows.map((row) => html`<li>${row}</li>`)}</ul>`

/** A table that scrolls inside itself where it is wider than the screen. */
export function tableOf(head: readonly string[], rows: readonly (readonly string[])[]): Html {
  const cells = (row: readonly string[]) => row.map((cell) => html`<td>${oneLine(cell)}</td>`)
  return html`<div class="wide"><table><thead><tr>${head.map((cell) => html`<th scope="col">${cell}</th>`)}</tr></thead><tbody>
${rows.map((row) => html`<tr>${cells(row)}</tr>\n`)}</tbody></table></div>`
}

/** A whole page around `body`. */
export function pageOf(title: string, body: Html, context: MessageContext): string {
  return html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<meta name="color-scheme" content="light dark"><title>${title}</title>${style}</head><body><main>
<h1>${title}</h1>
${body}
<p class="dim">Sent by Plimsoll. <a href="${context.publicUrl}">Dashboard</a></p>
</main></body></html>`.html
}

/** The whole HTML part. */
export function htmlOf(page: Page, context: MessageContext): string {
  const title = page.total === 1 ? 'Plimsoll alert' : `Plimsoll: ${page.total} alerts`
  const more =
    page.rows.length === 0 ? NOTHING : html`<p>And ${page.counted} more lines, counted by kind:</p>${list(page.rows)}`
  const body = html`${page.above.map((line) => html`<p><em>${line}</em></p>`)}
${page.stories.map((story) => section(story, context))}
${page.others.length === 0 ? NOTHING : list(page.others)}${more}`
  return pageOf(title, body, context)
}
