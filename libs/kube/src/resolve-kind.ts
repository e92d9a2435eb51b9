import { Failure } from '@skyflo/contracts';
import { resourceTypeRef, type ResourceType } from './resource-type.ts';

/**
 * Finds what a person or a model means by `deploy`, `deployments`, `Deployment`, `deployments.apps`, `deployments.v1.apps`
 * or `apps/v1/Deployment`. The core group wins over others and Kubernetes' own groups over custom ones, as with kubectl;
 * beyond that an ambiguous word is refused with the candidates named. Undefined where nothing matches.
 */
export function resolveKind(types: readonly ResourceType[], word: string): ResourceType | undefined {
  const wanted = parseWord(word);
  const named = types.filter((type) => isIn(type, wanted) && hasName(type, wanted.name));
  const matching =
    named.length > 0 ? named : types.filter((type) => isIn(type, wanted) && type.shortNames.includes(wanted.name));
  return choose(onePerGroup(matching), word);
}

type Wanted = { readonly name: string; readonly group?: string | undefined; readonly version?: string | undefined };

function parseWord(word: string): Wanted {
  const slashed = word.split('/');
  const [first = '', second = '', third] = slashed;
  if (third !== undefined) return { group: first, version: second, name: third.toLowerCase() };
  if (slashed.length === 2) return { group: '', version: first, name: second.toLowerCase() };
  const [name = '', ...rest] = word.toLowerCase().split('.');
  const [version, ...group] = rest;
  if (version !== undefined && /^v\d+((alpha|beta)\d+)?$/.test(version))
    return { name, version, group: group.join('.') };
  return rest.length === 0 ? { name } : { name, group: rest.join('.') };
}

function isIn(type: ResourceType, { group, version }: Wanted): boolean {
  return (group === undefined || type.group === group) && (version === undefined || type.version === version);
}

function hasName(type: ResourceType, name: string): boolean {
  return type.resource === name || type.singular === name || type.kind.toLowerCase() === name;
}

/** The server lists the preferred version of a group first. */
function onePerGroup(types: readonly ResourceType[]): ResourceType[] {
  return [...new Map([...types].reverse().map((type) => [resourceTypeRef(type), type])).values()].reverse();
}

function choose(candidates: readonly ResourceType[], word: string): ResourceType | undefined {
  const core = candidates.find(({ group }) => group === '');
  if (core || candidates.length <= 1) return core ?? candidates[0];
  const own = candidates.filter(({ group }) => !group.includes('.') || group.endsWith('.k8s.io'));
  if (own.length === 1) return own[0];
  const names = candidates.map(resourceTypeRef).join(', ');
  throw Failure.terminal('KindAmbiguous', `kind: "${word}" can mean ${names}; name one of these.`);
}
