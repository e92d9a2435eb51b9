import { Failure } from '@skyflo/contracts';

const subdomain = /^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/;
const label = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/;
/** What the API server itself demands of any name: it must be one segment of a path (`path.ValidatePathSegmentName`). */
const segment = /^[A-Za-z0-9:]([-A-Za-z0-9:._]*[A-Za-z0-9:])?$/;

/**
 * Every name goes through here before a URL is built from it. Kubernetes names are DNS subdomains; only RBAC's may hold
 * capitals, `:` and `_`, so those groups pass `rbac`. Throws a terminal Failure `InvalidArguments` that names the field.
 */
export function assertName(name: string, options: { readonly field?: string; readonly rbac?: boolean } = {}): string {
  const field = options.field ?? 'name';
  const pattern = options.rbac === true ? segment : subdomain;
  if (name.length > 253 || name.includes('..') || !pattern.test(name)) throw invalid(field, name, 'an object name');
  return name;
}

/** A namespace, or a container: a DNS label of at most 63 characters. */
export function assertNamespace(namespace: string, field = 'namespace'): string {
  if (namespace.length > 63 || !label.test(namespace)) throw invalid(field, namespace, `a ${field} name`);
  return namespace;
}

/** A part of an API path that discovery or a stored plan gave: group, version, plural or sub-resource. */
export function assertApiWord(word: string, field: string): string {
  if (word.length > 253 || word.includes('..') || !subdomain.test(word)) throw invalid(field, word, `a ${field}`);
  return word;
}

function invalid(field: string, value: string, what: string): Failure {
  const shown = value.length > 60 ? `${value.slice(0, 60)}…` : value;
  return Failure.terminal(
    'InvalidArguments',
    `${field}: ${JSON.stringify(shown)} is not ${what} (lower-case letters, digits, "-" and ".").`,
  );
}
