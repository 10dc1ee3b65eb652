/** What inspect says of a container beyond what the fleet keeps: wanted for evidence only. */
import type { EvidenceHealth, EvidenceMade } from '@plimsoll/contracts/evidence'
import { parseIsoTime } from '@plimsoll/contracts/time'
import * as v from 'valibot'
import { maskedText } from './evidence-log.ts'
import { secretsIn } from './masking.ts'

export interface InspectedMore extends Pick<EvidenceMade, 'imageDigest' | 'createdAt' | 'restartPolicy' | 'pidsLimit'> {
  /** The health check's last runs, masked and cut; `null` without a health check. */
  readonly health: Omit<EvidenceHealth, 'state'> | null
  /** What its environment says is secret: to be masked in what it prints, never told. */
  readonly secrets: readonly string[]
}

const MAX_CHECKS = 5
const MAX_OUTPUT_CHARS = 2_000
const MAX_WORD_CHARS = 200

const text = v.fallback(v.string(), '')
const count = v.fallback(v.nullable(v.number()), null)

const Answer = v.object({
  Image: text,
  Created: text,
  State: v.object({
    Health: v.fallback(
      v.nullish(
        v.object({
          FailingStreak: count,
          Log: v.fallback(v.nullable(v.array(v.unknown())), null),
        }),
      ),
      null,
    ),
  }),
  HostConfig: v.object({
    PidsLimit: count,
    RestartPolicy: v.fallback(v.nullable(v.object({ Name: text, MaximumRetryCount: count })), null),
  }),
})

const Environment = v.object({ Config: v.object({ Env: v.array(v.string()) }) })

const Run = v.object({ Start: text, End: text, ExitCode: v.fallback(v.number(), -1), Output: text })

/** `null` when the answer is not an inspect answer. */
export function moreOf(answer: unknown): InspectedMore | null {
  const read = v.safeParse(Answer, answer)
  if (!read.success) return null
  const { Image, Created, State, HostConfig } = read.output
  const { PidsLimit: pids } = HostConfig
  const environment = v.safeParse(Environment, answer)
  const secrets = environment.success ? secretsIn(environment.output.Config.Env) : []
  return {
    imageDigest: Image === '' ? null : Image.slice(0, MAX_WORD_CHARS),
    createdAt: parseIsoTime(Created),
    restartPolicy: policyOf(HostConfig.RestartPolicy),
    pidsLimit: pids !== null && pids > 0 ? pids : null,
    health: State.Health == null ? null : healthOf(State.Health, secrets),
    secrets,
  }
}

function policyOf(policy: { readonly Name: string; readonly MaximumRetryCount: number | null } | null): string | null {
  if (policy === null) return null
  const name = policy.Name === '' ? 'no' : policy.Name.slice(0, MAX_WORD_CHARS)
  const most = policy.MaximumRetryCount ?? 0
  return most > 0 ? `${name}:${most}` : name
}

interface Health {
  readonly FailingStreak: number | null
  readonly Log: unknown[] | null
}

function healthOf(health: Health, secrets: readonly string[]): InspectedMore['health'] {
  const checks = (health.Log ?? []).slice(-MAX_CHECKS).flatMap((entry) => {
    const run = v.safeParse(Run, entry)
    if (!run.success) return []
    const { Start, End, ExitCode, Output } = run.output
    const [startedAt, endedAt] = [parseIsoTime(Start), parseIsoTime(End)]
    const tookMs = startedAt === null || endedAt === null ? null : Math.max(0, endedAt - startedAt)
    return [{ startedAt, tookMs, exitCode: ExitCode, output: maskedText(Output.trim(), MAX_OUTPUT_CHARS, secrets) }]
  })
  return { failingStreak: health.FailingStreak, checks }
}
