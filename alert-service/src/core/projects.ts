/** Many containers of one Compose project in one message are told as that project. */
import { placeOf, type Story } from './story.ts'
import { oneLine, short } from './wording.ts'

/** Fewer are named one by one. */
export const MANY_OF_A_PROJECT = 3
const LISTED_CHARS = 200

/** The containers of each project of which many are told of, by the project. */
function crowds(stories: readonly Story[]): ReadonlyMap<string, ReadonlySet<string>> {
  const all = new Map<string, Set<string>>()
  for (const { project, container } of stories) {
    if (project === null || container === null) continue
    all.set(project, (all.get(project) ?? new Set()).add(container))
  }
  return new Map([...all].filter(([, containers]) => containers.size >= MANY_OF_A_PROJECT))
}

function crowdText(project: string, { size }: ReadonlySet<string>): string {
  return `${oneLine(project)}: ${size} containers`
}

/** What the stories are about, each once: `shop: 7 containers` for many of one project, else the container or host. */
export function placesOf(stories: readonly Story[]): readonly string[] {
  const known = crowds(stories)
  const place = (story: Story) => {
    const crowd = story.project === null ? undefined : known.get(story.project)
    return story.project === null || crowd === undefined ? placeOf(story) : crowdText(story.project, crowd)
  }
  return [...new Set(stories.map(place))]
}

/** A line for each project of which many are told of: `shop: 7 containers (api, db, …)`. */
export function projectRows(stories: readonly Story[]): readonly string[] {
  return [...crowds(stories)].map(
    ([project, containers]) => `${crowdText(project, containers)} (${short([...containers].join(', '), LISTED_CHARS)})`,
  )
}

/** The stories of one project together, at the place of its first, within an order that is otherwise kept. */
export function byProject(stories: readonly Story[]): readonly Story[] {
  const known = crowds(stories)
  const groups = Map.groupBy(stories, (story) =>
    story.project !== null && known.has(story.project) ? story.project : story,
  )
  return [...groups.values()].flat()
}
