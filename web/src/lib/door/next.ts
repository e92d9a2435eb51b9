/** Where to go after signing in: a path of this console, never another place that a link smuggled in. */
export function safeNext(next: string | null): string {
  return next !== null && /^\/(?![/\\])/.test(next) ? next : '/';
}
