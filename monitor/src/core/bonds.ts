/** What a container says it depends on, and under which names others depend on it, from its labels. */
import type { Labels } from './engine-words.ts'
import type { Subject } from './observation.ts'

// Labels are free text: more than this is no list of dependencies.
const MAX_NAMES = 50
const name = /^[A-Za-z0-9][A-Za-z0-9_.-]{0,254}$/

/**
 * `plimsoll.depends-on` names containers or services of the same project, with commas; Compose's own label has
 * `service:condition:restart` entries. What is neither is passed over. Services stand as `project/service`.
 */
export function bondsOf(labels: Labels): Pick<Subject, 'aliases' | 'dependsOn'> {
  const project = labels['com.docker.compose.project'] ?? ''
  const service = labels['com.docker.compose.service'] ?? ''
  const inProject = (one: string) => `${project}/${one}`
  const listed = namesIn(labels['plimsoll.depends-on'])
  const composed = namesIn(labels['com.docker.compose.depends_on'])
  const services = project === '' ? [] : [...composed, ...listed].map(inProject)
  const dependsOn = [...new Set([...listed, ...services])]
  return {
    ...(project === '' || service === '' ? {} : { aliases: [inProject(service)] }),
    ...(dependsOn.length === 0 ? {} : { dependsOn }),
  }
}

/** The Compose project of a container; `null` where it has none, or one with a name that Compose would not take. */
export function projectOf({ aliases }: Pick<Subject, 'aliases'>): string | null {
  const project = aliases?.[0]?.split('/')[0] ?? ''
  return name.test(project) ? project : null
}

function namesIn(text: string | undefined): string[] {
  const entries = (text ?? '').split(',', MAX_NAMES).map((entry) => (entry.split(':')[0] ?? '').trim())
  return entries.filter((entry) => name.test(entry))
}
