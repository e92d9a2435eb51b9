import { Failure } from '@skyflo/contracts';

const key = '(?:[a-z0-9A-Z](?:[-a-z0-9A-Z.]*[a-z0-9A-Z])?/)?[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?';
const value = '(?:[A-Za-z0-9](?:[-A-Za-z0-9_.]*[A-Za-z0-9])?)?';
const requirement = new RegExp(
  `^(?:(!?)(${key})|(${key})\\s*(==|=|!=)\\s*(${value})|(${key})\\s+(in|notin)\\s*\\(\\s*(${value}(?:\\s*,\\s*${value})*)\\s*\\))$`,
);
const fieldRequirement = /^([A-Za-z][A-Za-z0-9.[\]]*)(==|=|!=)([-A-Za-z0-9._:/]*)$/;

/**
 * Checks a label selector (`app=web,tier!=db`, `env in (a,b)`, `!canary`) and writes it in one form. It is parsed, never
 * passed on as text. Throws a terminal Failure `InvalidArguments`.
 */
export function labelSelector(text: string): string {
  return splitOutsideParentheses(text).map(toRequirement).join(',');
}

/** Checks a field selector (`status.phase=Running,spec.nodeName!=node-1`). Which fields exist is the API server's to say. */
export function fieldSelector(text: string): string {
  return text
    .split(',')
    .map((part) => {
      const [, path, operator, wanted] = fieldRequirement.exec(part.trim()) ?? [];
      if (path === undefined) throw invalid('field_selector', part, 'status.phase=Running');
      return `${path}${operator === '==' ? '=' : operator}${wanted}`;
    })
    .join(',');
}

function toRequirement(part: string): string {
  const match = requirement.exec(part.trim());
  if (!match) throw invalid('label_selector', part, 'app=web,tier!=db or env in (a,b)');
  const [, not, exists, equalsKey, operator, equalsValue, setKey, setOperator, values] = match;
  if (exists !== undefined) return `${not}${exists}`;
  if (equalsKey !== undefined) return `${equalsKey}${operator === '==' ? '=' : operator}${equalsValue}`;
  return `${setKey} ${setOperator} (${(values ?? '')
    .split(',')
    .map((one) => one.trim())
    .join(',')})`;
}

function splitOutsideParentheses(text: string): string[] {
  return text.split(/,(?![^(]*\))/);
}

function invalid(field: string, text: string, example: string): Failure {
  const shown = text.length > 60 ? `${text.slice(0, 60)}…` : text;
  return Failure.terminal(
    'InvalidArguments',
    `${field}: ${JSON.stringify(shown)} is no selector; write it like ${example}.`,
  );
}
