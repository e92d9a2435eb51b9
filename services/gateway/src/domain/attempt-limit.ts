type Failures = { readonly count: number; readonly until: number };

/**
 * Counts failed tries per key within a window that begins with the first. In memory and per replica, which is enough to make
 * guessing slow; `maxKeys` bounds what a flood of keys can take, the oldest going first.
 */
export class AttemptLimit {
  private readonly failures = new Map<string, Failures>();

  constructor(
    private readonly options: { readonly max: number; readonly windowMs: number; readonly maxKeys: number },
  ) {}

  /** Milliseconds until the key may try again; 0 where it may now. */
  blockedForMs(key: string, nowMs: number): number {
    const known = this.failures.get(key);
    return known && known.count >= this.options.max ? Math.max(0, known.until - nowMs) : 0;
  }

  failed(key: string, nowMs: number): void {
    const known = this.failures.get(key);
    const running = known && known.until > nowMs ? known : { count: 0, until: nowMs + this.options.windowMs };
    this.failures.delete(key);
    this.failures.set(key, { ...running, count: running.count + 1 });
    const oldest = this.failures.keys().next();
    if (this.failures.size > this.options.maxKeys && !oldest.done) this.failures.delete(oldest.value);
  }

  succeeded(key: string): void {
    this.failures.delete(key);
  }
}
