/** What the store says about itself; the service's logger fits. Constant message, pairs for the rest. */
export type StoreLogger = {
  info(message: string, pairs?: Record<string, unknown>): void;
  warn(message: string, pairs?: Record<string, unknown>): void;
  error(message: string, pairs?: Record<string, unknown>): void;
};

export const silent: StoreLogger = { info: () => undefined, warn: () => undefined, error: () => undefined };
