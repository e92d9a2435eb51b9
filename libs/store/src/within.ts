/** Waits for `work`, but not longer than `ms`; what becomes of it is its own affair. */
export async function within(ms: number, work: Promise<unknown>): Promise<void> {
  const { promise: deadline, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([work, deadline]);
  } finally {
    clearTimeout(timer);
  }
}
