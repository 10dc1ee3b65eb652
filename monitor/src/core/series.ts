/** Whose history it is: the Compose service, across re-created containers, else the container's name. */

/** What names a series, and what is told of it once the container is gone. */
export interface Series {
  /** Stays the same when the container is created anew. */
  readonly key: string
  readonly name: string
  readonly host: string
  readonly image: string
  readonly project: string | null
  readonly service: string | null
}

export interface Identified {
  readonly name: string
  readonly host: string
  readonly image: string
  readonly labels: Readonly<Record<string, string>>
}

const PROJECT = 'com.docker.compose.project'
const SERVICE = 'com.docker.compose.service'
const NUMBER = 'com.docker.compose.container-number'
const ONE_OFF = 'com.docker.compose.oneoff'

/**
 * The series of a container. A `docker compose run` has the labels and the number of the service's own first container
 * but is not it: it goes by its name, as everything does that Compose did not make. A host's name is part of the key,
 * for two engines may each have a `web`.
 */
export function seriesOf({ name, host, image, labels }: Identified): Series {
  const project = labels[PROJECT] || null
  const service = labels[SERVICE] || null
  const number = labels[NUMBER] || null
  const ofService = project !== null && service !== null && number !== null && labels[ONE_OFF]?.toLowerCase() !== 'true'
  // Names of Compose's have no slash; a label set by hand may, and must not become another service's key.
  const parts = ofService ? ['compose', host, project, service, number] : ['name', host, name]
  return { key: parts.map(encodeURIComponent).join('/'), name, host, image, project, service }
}
