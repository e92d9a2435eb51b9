/**
 * What is wrong with a password beyond its length, which the API's schema checks; undefined where nothing is.
 * After NIST SP 800-63B-4: no rules of composition, but nothing that whoever knows the account would try first.
 */
export function passwordObjection(password: string, email: string): string | undefined {
  const folded = password.toLowerCase();
  const [name = ''] = email.toLowerCase().split('@', 1);
  if (folded === email.toLowerCase() || (name.length >= 4 && withoutDigits(folded) === name))
    return 'must not be the e-mail address';
  if (new Set(folded).size < 5) return 'must use more than a few different characters';
  if (isSequence(folded)) return 'must not be a sequence such as 123456789012';
  return undefined;
}

function withoutDigits(text: string): string {
  return text.replaceAll(/[^\p{L}._-]/gu, '');
}

function isSequence(text: string): boolean {
  const steps = Array.from({ length: text.length - 1 }, (_, i) => text.charCodeAt(i + 1) - text.charCodeAt(i));
  return steps.filter((step) => step === 1 || step === -9).length >= text.length - 2;
}
