import type { Json } from '@skyflo/contracts';
import type { KubeObject } from '@skyflo/kube';

/** Names under which people keep what others must not see. */
export const secretName =
  /passw(or)?d|passphrase|secret|token|credential|api[-_]?key|private[-_]?key|access[-_]?key|(^|[-_])(auth|pwd|key)$/i;
const lastApplied = 'kubectl.kubernetes.io/last-applied-configuration';

/** Secrets in running text: credentials in URLs, bearer tokens, JSON web tokens, `password=…`. */
const inText: readonly (readonly [RegExp, string])[] = [
  [/([a-z][a-z0-9+.-]*:\/\/[^\s:/@"']*:)[^\s@"']+@/gi, '$1***@'],
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(-----END \1-----|$)/g, '***'],
  [/\b(bearer|basic)\s+[A-Za-z0-9._~+/-]{12,}=*/gi, '$1 ***'],
  [/\beyJ[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]{8,}\.[A-Za-z0-9_-]+/g, '***'],
  [/((?:passw(?:or)?d|secret|token|api[-_]?key)["']?\s*[=:]\s*["']?)[^\s"',;&]{3,}/gi, '$1***'],
];

/** What well-known issuers put in front of their keys, and PEM. */
const keyMaterial =
  /^(AKIA|ASIA)[A-Z0-9]{16}$|^(gh[pousr]|glpat|xox[abprs]|sk)[-_][A-Za-z0-9_-]{16,}|-----BEGIN [A-Z ]*PRIVATE KEY/;

/** Switches, counts and times are no secrets, whatever they are called: `TOKEN_TTL=3600s`. */
const harmless = /^(|true|false|\d{1,5}(ms|s|m|h|d)?)$/i;

/** Whether a value under a name is one that only a Secret should hold. A guess from both, like everything here. */
export function looksSecret(name: string, value: string): boolean {
  return (secretName.test(name) && !harmless.test(value)) || maskText(value) !== value || keyMaterial.test(value);
}

/** Text that the cluster printed, such as logs and messages, without what looks like a credential. */
export function maskText(text: string): string {
  return inText.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), text);
}

/**
 * An object without secret values, by kind and by place: data of Secrets (keys and lengths stay), the last-applied
 * annotation, values named like secrets in env lists and ConfigMaps, credentials in URLs and command lines; in lists too.
 */
export function maskObject(object: KubeObject): KubeObject {
  return mask(object, object.kind) as KubeObject;
}

function mask(value: unknown, kind: string): unknown {
  if (typeof value === 'string') return maskText(value);
  if (Array.isArray(value)) return value.map((one) => mask(one, kindOf(one) ?? ''));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, maskMember(key, one, kind)]));
}

function maskMember(key: string, value: unknown, kind: string): unknown {
  if (kind === 'Secret' && key === 'data') return eachMember(value, (_, one) => hide(one, byteLength));
  if (kind === 'Secret' && key === 'stringData') return eachMember(value, (_, one) => hide(one));
  if (kind === 'ConfigMap' && key === 'data')
    return eachMember(value, (name, one) => (secretName.test(name) ? hide(one) : maskText(one)));
  if (key === lastApplied) return '***';
  if (key === 'env' && Array.isArray(value)) return value.map(maskVariable);
  return mask(value, kindOf(value) ?? '');
}

/** An environment variable of a container, wherever a pod template is. */
function maskVariable(entry: unknown): unknown {
  if (typeof entry !== 'object' || entry === null) return entry;
  const { name, value }: { name?: unknown; value?: unknown } = entry;
  if (typeof value !== 'string') return entry;
  const isSecret = typeof name === 'string' && secretName.test(name);
  return { ...entry, value: isSecret ? hide(value) : maskText(value) };
}

function eachMember(value: unknown, instead: (name: string, value: string) => Json): unknown {
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, instead(name, String(one))]));
}

/** What is hidden already stays as it is: objects are masked where they are fetched, and again where they are shown. */
export function hide(value: string, lengthOf: (value: string) => number = ({ length }) => length): string {
  if (/^\*\*\* \(\d+ bytes?\)( #[0-9a-f]{12})?$/.test(value)) return value;
  const bytes = lengthOf(value);
  return `*** (${bytes} ${bytes === 1 ? 'byte' : 'bytes'})`;
}

/** Of what base64 stands for. */
function byteLength(base64: string): number {
  return Math.floor((base64.replace(/=+$/, '').length * 3) / 4);
}

function kindOf(value: unknown): string | undefined {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? value.kind : undefined;
  return typeof kind === 'string' ? kind : undefined;
}
