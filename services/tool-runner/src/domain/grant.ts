import { argsDigest, Failure, fromGrantId, type GatePassed, type JsonObject, type Plan } from '@skyflo/contracts';

/** What was planned under a grant id, as the ledger keeps it. */
export type Planned = { readonly plan: Plan; readonly planDigest: string };

/**
 * Why a passed call must not be carried out; undefined where all is in order. The bus has verified that the gate signed it;
 * this holds it against what the tool-runner itself knows. Whether a grant was used before is for the ledger's row to say.
 */
export function grantProblem(
  passed: GatePassed['data'],
  call: { readonly tool: string; readonly args: JsonObject; readonly class: string },
  ledger: { readonly planned: Planned | undefined; readonly now: Date },
): Failure | undefined {
  if (passed.tool !== call.tool || passed.argsDigest !== argsDigest(call.args))
    return refuse('GrantMismatch', 'The gate let another call through than the one that was asked for.');
  if (passed.class !== call.class)
    return refuse('GrantMismatch', `${call.tool} is a ${call.class}, but the gate let a ${passed.class} through.`);
  if (Date.parse(passed.expiresAt) <= ledger.now.getTime())
    return refuse('GrantExpired', 'The leave of the gate ran out before the call could be carried out.');
  return call.class === 'write' ? planProblem(passed, ledger.planned) : undefined;
}

function planProblem(
  { callId, grant, cluster }: GatePassed['data'],
  planned: Planned | undefined,
): Failure | undefined {
  if (grant === undefined) return refuse('GrantMissing', 'A write needs a grant, and the gate gave none.');
  if (fromGrantId(grant.grantId).callId !== callId)
    return refuse('GrantMismatch', 'The grant belongs to another call.');
  if (planned === undefined) return refuse('GrantMismatch', 'Nothing was planned under this grant.');
  const { plan, planDigest } = planned;
  if (grant.planDigest !== planDigest) return refuse('GrantMismatch', 'What was approved is not what was planned.');
  if (plan.cluster !== cluster) return refuse('GrantMismatch', `The grant is for the cluster "${cluster}".`);
  const targets = grant.targets.map(
    ({ verb, object }) => `${verb} ${object.uid ?? ''} ${object.namespace ?? ''}/${object.name}`,
  );
  const wanted = plan.requests.map(
    ({ verb, object }) => `${verb} ${object.uid ?? ''} ${object.namespace ?? ''}/${object.name}`,
  );
  return targets.join() === wanted.join()
    ? undefined
    : refuse('GrantMismatch', 'The grant names other objects than the plan.');
}

function refuse(code: string, message: string): Failure {
  return Failure.terminal(code, `${message} Nothing was done.`);
}
