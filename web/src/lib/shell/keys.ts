/** A single key pressed outside of fields and without modifiers: the console's shortcuts listen to nothing else. */
export function isPlainKey(event: KeyboardEvent): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return false;
  const target = event.target;
  if (!(target instanceof HTMLElement)) return true;
  return !target.isContentEditable && !target.closest('input, textarea, select, [role="menu"], [role="dialog"]');
}
